import type { FieldType } from '#contract'
import { wordsOf } from '../../../blueprint/words.ts'

/** A realistic value by a field's last word; the type has the last say. */
const TEXTS: Record<string, string> = {
  name: 'Juniper', title: 'A good beginning', subject: 'A short question', description: 'A few words about it', body: 'It began with one slow query.',
  content: 'It began with one slow query.', notes: 'Ask again in spring', note: 'Ask again in spring', comment: 'Thanks, this helped.', text: 'Thanks, this helped.', message: 'See you at eight',
  phone: '+44 20 7946 0100', mobile: '+44 7700 900123', address: '12 Mill Lane, York', street: '12 Mill Lane', city: 'Lisbon', country: 'Portugal', state: 'Bavaria', zip: '1100-048', postcode: 'YO1 7HX',
  sku: 'MUG-350', isbn: '9780060512750', code: 'A-104', slug: 'a-good-beginning', color: 'green', colour: 'green', size: 'M', brand: 'Emalia', model: 'Octavia', make: 'Skoda',
  currency: 'EUR', language: 'en', genre: 'Jazz', author: 'Ursula K. Le Guin', publisher: 'Harper & Row', director: 'Agnès Varda', artist: 'Nina Simone',
  status: 'open', category: 'general', type: 'standard', priority: 'medium', role: 'member', username: 'grace', nickname: 'Gracie', location: 'Harbour Street 3', venue: 'Harbour meadow',
  unit: 'kg', time: '18:30', icon: 'leaf', image: 'first-snow.jpg', photo: 'first-snow.jpg', avatar: 'grace.png', summary: 'The short version', bio: 'Sails on weekends',
  question: 'Where shall we eat?', answer: 'The new noodle place', company: 'Northwind Traders', department: 'Finance', number: 'B-14', species: 'Dog', breed: 'Whippet', gender: 'female', label: 'Spring',
  token: '7f3c9a', ingredients: '200 g lentils, 1 onion', instructions: 'Simmer for 25 minutes.', reason: 'Summer holiday', link: 'https://example.com', timezone: 'Europe/Lisbon',
} // prettier-ignore
const FULL: Record<string, string> = {
  'first name': 'Lena',
  'last name': 'Novak',
  'full name': 'Lena Novak',
  'product name': 'Enamel mug',
  'company name': 'Northwind Traders',
  'postal code': '1100-048',
  'job title': 'Accountant',
}
const NUMBERS: Record<string, number> = {
  price: 12.5,
  cost: 9.5,
  amount: 49.9,
  total: 37.5,
  salary: 52000,
  balance: 1200,
  weight: 80,
  height: 1.72,
  latitude: 55.71,
  longitude: 13.19,
  lat: 55.71,
  lng: 13.19,
  temperature: 18.4,
  humidity: 61,
  rating: 4.5,
  age: 34,
  quantity: 3,
  stock: 40,
  year: 2024,
  pages: 387,
  rate: 0.2,
  discount: 10,
  capacity: 40,
  duration: 45,
  score: 88,
}

export function exampleOf(name: string, type: FieldType): string | number | boolean {
  const words = wordsOf(name)
  const last = words.at(-1) ?? ''
  switch (type.kind) {
    case 'string':
    case 'text': {
      const text =
        own(FULL, words.join(' ')) ??
        own(TEXTS, last) ??
        (type.kind === 'text' ? 'A few words about it' : `Sample ${words.join(' ')}`)
      return type.kind === 'string' && type.maxLength !== undefined ? text.slice(0, type.maxLength) : text
    }
    case 'integer':
      return clamp(Math.round(own(NUMBERS, last) ?? 3), type)
    case 'number':
      return clamp(own(NUMBERS, last) ?? 2.5, type)
    case 'uuid':
      return '1f0c6a52-7a3b-4c8e-9d51-2b6f0e8d4a17'
    case 'json':
      return ''
    case 'boolean':
      return false
    case 'date':
      return last.startsWith('birth') || last === 'dob' ? '1990-09-12' : '2026-06-01'
    case 'datetime':
      return '2026-05-04T09:00:00Z'
    case 'email':
      return 'grace@example.com'
    case 'url':
      return 'https://example.com'
    case 'enum':
      return type.values[0]!
  }
}

function clamp(value: number, { min, max }: { min?: number | undefined; max?: number | undefined }): number {
  return Math.min(max ?? Infinity, Math.max(min ?? -Infinity, value))
}

function own<T>(record: Record<string, T>, key: string): T | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined
}
