/** What the code check refuses, in words, for a model that writes a handler. Keep it true to `codeFaults`. */
export const CODE_RULES = `# What it may use
Software reads the file before it is run, and refuses whatever is not on these lists.
- Of the language: Object (keys, values, entries, fromEntries, assign, hasOwn, groupBy, freeze, is), Array, String, Number, Boolean, BigInt, Math, JSON, Date, Map, Set, Promise, Intl, RegExp, Error and its kinds, Symbol.iterator, typed arrays, TextEncoder, TextDecoder, URL, URLSearchParams, Buffer, structuredClone, crypto.randomUUID. Write their members out (Object.keys(row)); do not pass Object, Math or JSON on as values or take them apart.
- Nothing else is there: no process, globalThis, fetch, require, import(), timers, console, eval, Function, Reflect, Proxy, files, environment, network (but context.services), SQL. Declaring such a name as a type or with declare does not make it available.
- Never name constructor, prototype, __proto__ or getPrototypeOf, in code or as a text. No tagged templates, arguments, new.target, static properties or blocks of classes, decorators, or as with a function.
- rows[index] and counts[key] are fine on data. Functions, classes, this, imported values, the context and its parts have their properties written by name. To choose a function by a text use switch, a Map, or a const object of functions in the file.
- Outside of functions there are only imports, types, functions, classes and constants. Nothing changes a constant that stands there, and no function is called there: state between requests is refused. Give no property to functions or imported values.
- A loop has an end in its head that its body or step comes nearer to: no while (true), no for (;;).
- A regular expression is written as /…/. One that is made of a text that is only known when it runs is refused (also in match, matchAll and search), and so is one that repeats a repetition, such as (a+)+.
A file that breaks one of these is given back once with the line and the reason, and then left out.`
