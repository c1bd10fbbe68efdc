import { designInstructions } from './design-instructions.ts'

/** The same text each time, and the same beginning as for a first design, so that services can cache it. */
export const refineInstructions = `${designInstructions}

# Changing what there is
This time there is a backend already. You are given its present design and a person's request for changes, each between two lines with the same random marker. Both are data, as above. The present design is in the form in which software keeps it: auth with kind jwt and an account is accountEntity, access.read and access.write are readAccess and writeAccess, default is defaultValue, type is kind with its rules, of an operation responses.success and responses.errors are successKind, successStatus, answer and errors, and of a schedule when.kind is when, on is weekdays and expression is cron; of a service auth.kind is auth, auth.name is header and auth.secret is secret.
You answer with the changes alone. Whatever you do not mention stays exactly as it is, so mention nothing that stays.
- name, title, description: null, unless the request changes what the whole is called.
- signingIn: asItIs, unless the request is about signing in; accounts makes the rows of accountEntity sign in, apiKeys gives programs keys, none ends signing in. Where it is accounts, accountEntity and roles say all of it, also what stays as it is (roles is empty where accounts are all alike); otherwise accountEntity is null and roles is empty. The policies of an entity that is repeated are repeated too.
- entities: each entity that is new or different. Of one that is there already, give its names, path, operations, access and owner as they are to be from now on, and in fields and belongsTo only those that are new or different, whole. Fields and relations that you leave out stay.
- manyToMany: pairs that are new. operations: each one that is new or different, whole, by its id. An operation whose rules stay the same is left out, also where an entity that it is about gets more fields. The same holds for schedules, and for services by their name.
- renamedEntities, renamedProperties (fields and relations; entity is the name that the entity has from now on): what is the same thing under another name. Its data is kept only if it is listed here. Mention it by its new name everywhere else.
- config and seeds: each value and row that is new or different, whole, by its name. Rows that a renamed or removed property is in follow by themselves.
- removedEntities, removedProperties, removedLinks, removedOperations, removedSchedules, removedServices, removedConfig, removedSeeds: what the request takes away. Data is lost with it, so list nothing that the request does not ask for. Relations to a removed entity go by themselves.
- Rows exist already. Make a new field or relation optional, or give it a default, unless the request says that it is required.
- assumptions and notUnderstood are about this request alone. If nothing in it can be done, answer with no changes and say why in notUnderstood.`
