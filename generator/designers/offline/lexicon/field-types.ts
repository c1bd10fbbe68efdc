import type { FieldType } from '#contract'
import { singular, wordsOf } from '../../../blueprint/words.ts'

/**
 * The type of a field by its name. Exact names first, then first and last words;
 * the default is a line of text.
 */
type Kind = Exclude<FieldType['kind'], 'enum' | 'json'>

const set = (words: string): ReadonlySet<string> => new Set(words.split(',').map((word) => word.trim()))

const EXACT: readonly (readonly [Kind, ReadonlySet<string>])[] = [
  [
    'datetime',
    set('created on,updated on,last login,last seen,departure,arrival,appointment time,date time,datetime'),
  ],
  [
    'datetime',
    set('start,end,starts,ends,published at,scheduled for,recorded at,start date time,end date time'),
  ],
  [
    'date',
    set(
      'birthday,birth day,dob,due,deadline,born,anniversary,expiry,expiration,due on,hired on,check in,check out,from,to,until,since,joined,member since,customer since',
    ),
  ],
  [
    'string',
    set(
      'time,time slot,image,photo,avatar,time zone,timezone,language,order number,phone number,serial number',
    ),
  ],
  [
    'string',
    set('invoice number,room number,number plate,table number,flight number,card number,account number'),
  ],
  [
    'string',
    set(
      'tracking number,license number,house number,part number,registration number,tax id,tax number,model number',
    ),
  ],
  [
    'string',
    set('length of stay,content type,address,status,state,phone,ip address,street address,home address'),
  ],
  [
    'integer',
    set('number,pages,page count,prep time,cook time,cooking time,preparation time,total time,serving size'),
  ],
  [
    'integer',
    set('year,month,duration,order,position,rank,priority number,reps,sets,seats,points,level,credits'),
  ],
  ['boolean', set('in stock,opt in,all day,public,private,read,sold,remote,correct')],
]

const LAST: readonly (readonly [Kind, ReadonlySet<string>])[] = [
  ['email', set('email,mail')],
  ['url', set('url,uri,website,homepage,webpage,link')],
  ['datetime', set('at,timestamp,datetime')],
  ['date', set('date,on,deadline,birthday,day')],
  [
    'text',
    set(
      'description,desc,body,content,contents,notes,note,summary,bio,biography,details,detail,instructions,instruction,message,text,about,abstract,remarks,remark,directions,feedback,excerpt,overview,synopsis,ingredients,letter,lyrics,requirements,responsibilities,diagnosis,symptoms,explanation,comments',
    ),
  ],
  [
    'integer',
    set(
      'age,quantity,qty,stock,count,year,years,views,likes,dislikes,upvotes,downvotes,votes,clicks,score,position,rank,floor,capacity,seats,guests,bedrooms,bathrooms,beds,rooms,servings,calories,reps,minutes,seconds,hours,days,credits,attendees,followers,mileage,stars,copies,port,population,participants,children,adults,inventory,experience,xp',
    ),
  ],
  [
    'number',
    set(
      'litres,liters,kilometres,kilometers,metres,meters,kilos,grams,miles,price,volume,cost,amount,total,subtotal,salary,balance,weight,height,width,length,depth,latitude,longitude,lat,lng,lon,long,rate,discount,tax,fee,temperature,humidity,pressure,budget,distance,percentage,percent,gpa,average,speed,area,rating,payment,rent,wage,deposit,revenue,protein,carbs,fat,voltage,altitude,radius,size in,grade point,kg,km,usd,eur',
    ),
  ],
  [
    'boolean',
    set(
      'done,completed,complete,active,enabled,disabled,published,archived,available,paid,verified,pinned,featured,urgent,approved,checked,favorite,favourite,visible,deleted,finished,resolved,confirmed,starred,vaccinated,subscribed,cancelled,canceled,closed,locked,blocked,admin,returned,reserved,occupied,vegetarian,vegan,shipped,delivered,anonymous,flag,availability,required,billable,neutered',
    ),
  ],
]

const WHEN = /(?:ed|ing|service|visit|check|checkup|inspection|appointment|payment|review|contact)$/
const FIRST_BOOLEAN = set('is,has,can,allow,allows,should,was,are,accepts,needs')
/** Names whose plural is one value, not several rows. */
const PLURAL_FIELDS = set(
  'notes,details,instructions,directions,remarks,ingredients,requirements,responsibilities,symptoms,contents,pages,views,likes,dislikes,upvotes,downvotes,votes,clicks,points,seats,guests,bedrooms,bathrooms,beds,servings,calories,reps,sets,minutes,seconds,hours,days,credits,attendees,followers,stars,copies,lyrics,years,coordinates,opening hours,initials,status,address,litres,liters,kilometres,kilometers,metres,kilos,grams,miles,carbs,specs,dimensions,skills,allergies,participants,steps,terms,conditions,downloads,dates',
)

const PLAIN_STRINGS = set(
  'company,employer,category,supplier,manufacturer,teacher,instructor,trainer,name,title,phone,telephone,mobile,sku,isbn,code,color,colour,slug,address,city,country,state,zip,postcode,street,currency,status,priority,type,kind,category name,gender,size,brand,model,make,language,genre,publisher,label,subject,location,venue,unit,username,nickname,surname,nationality,position title,designation,timezone,image,photo,avatar,picture,thumbnail,logo,cover,barcode,plate,vin,role,tagline,headline,caption,subtitle,species,breed,occupation,company name,iban,symbol,icon,key,value,reference,difficulty,cuisine,mood,severity,condition,material,format,platform,hostname,version,token,question,answer,reason,source,destination,origin,plan,method,password,id,uuid,author,director,artist,album',
)

export type NamedType = {
  readonly type: FieldType
  /** False if the name says nothing. */ readonly known: boolean
}

export function typeFromName(name: string): NamedType {
  const all = wordsOf(name)
  // `price per night` is a price, `duration in months` a duration.
  const cut = all.findIndex(
    (word, at) =>
      at > 0 &&
      at < all.length - 1 &&
      // `check in date` and `move-in date` are dates.
      !/^(?:check|move|sign|log|opt)$/.test(all[at - 1]!) &&
      (word === 'per' || (word === 'in' && !/^(minutes|hours|seconds|days)$/.test(all[at + 1]!))),
  )
  const words = cut < 0 ? all : all.slice(0, cut)
  const phrase = words.join(' ')
  const [first, last] = [words[0] ?? '', words.at(-1) ?? '']
  const of = (kind: Kind): NamedType => ({ type: { kind }, known: true })

  for (const [kind, names] of EXACT) if (names.has(phrase)) return of(kind)
  if (words.length > 1 && FIRST_BOOLEAN.has(first)) return of('boolean')
  if (first === 'number' && words[1] === 'of') return of('integer')
  if (first === 'date' && words[1] === 'of') return of('date')
  if (first === 'time' && words[1] === 'of') return of('string')
  if (
    words.length === 2 &&
    /^(?:amount|price|total|cost)$/.test(first) &&
    /ed$|^(?:paid|due|spent)$/.test(last)
  )
    return of('number')
  if (first === 'email') return of('email')
  // `last watered`, `next service`
  if (words.length === 2 && /^(?:last|next)$/.test(first) && WHEN.test(last)) return of('date')
  if (
    words.length > 1 &&
    last === 'time' &&
    /^(start|end|scheduled|arrival|departure|pickup|check)/.test(first)
  ) {
    return of('datetime')
  }
  for (const [kind, names] of LAST) {
    if (names.has(last) && !((last === 'on' || last === 'at') && words.length > 3)) return of(kind)
  }
  if (words.length > 1 && /^(?:max|min|maximum|minimum)$/.test(first)) return of('integer')
  if (PLAIN_STRINGS.has(phrase) || PLAIN_STRINGS.has(last)) return of('string')
  return { type: { kind: 'string' }, known: PLURAL_FIELDS.has(phrase) || PLURAL_FIELDS.has(last) }
}

/** Whether a noun is a field, by its name alone. */
export function looksLikeField(name: string): boolean {
  const words = wordsOf(name)
  const last = words.at(-1) ?? ''
  if (
    words.slice(1).some((word) => ['of', 'per', 'in', 'on', 'at'].includes(word)) ||
    ['is', 'has', 'in', 'can'].includes(words[0] ?? '') ||
    (words.length > 1 && /^(?:max|min|maximum|minimum)$/.test(words[0]!))
  )
    return true
  if (PLURAL_FIELDS.has(words.join(' ')) || PLURAL_FIELDS.has(last)) return true
  // `comments` and `rooms` are usually entities; their singular is a field.
  return last === singular(last) && typeFromName(name).known
}
