import { wordsOf } from '../../../blueprint/words.ts'

/** A realistic value by a field's last word. */
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

/** A realistic text for a field name; undefined if the name says nothing. */
export function textFor(name: string): string | undefined {
  const words = wordsOf(name)
  return own(FULL, words.join(' ')) ?? own(TEXTS, words.at(-1) ?? '')
}

/** A realistic number for a field name. */
export const numberFor = (name: string): number | undefined => own(NUMBERS, wordsOf(name).at(-1) ?? '')

function own<T>(record: Record<string, T>, key: string): T | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined
}
