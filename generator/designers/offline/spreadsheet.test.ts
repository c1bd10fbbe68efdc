import { describe, expect, it } from 'vitest'
import { designOffline } from './design-offline.ts'
import { outline } from './testing/outline.ts'

/** Tables that a person keeps in a spreadsheet. */

const read = (prompt: string): string[] => outline(designOffline({ prompt })).toSorted()

describe('sheets with their columns are tables with fields', () => {
  const SHOP = [
    'Customer /customers: name!, phone, since date',
    'Order /orders: date! date, amount number, customer → Customer setNull',
  ]
  it.each([
    'We keep everything in Excel. Sheet Customers: name, phone, since; Sheet Orders: date, customer, amount. Please make an API of it.',
    'Sheet1 = Customers: Name | Phone | Since\nSheet2 = Orders: Date | Customer | Amount',
    'The first sheet is Customers and has the columns name, phone and since. The second sheet is Orders, with the columns date, customer and amount.',
    'Our spreadsheet has these sheets: Customers (columns name, phone, since), Orders (columns date, customer, amount).',
    'The workbook has 2 tabs: Customers (name, phone, since) and Orders (date, customer, amount).',
    'Excel: one sheet for customers (name, phone, since), another for orders (date, customer, amount).',
    'Two sheets, customers with name, phone and since, and orders with date, customer and amount. It is an Excel file.',
    'We have customers.csv (id, name, phone, since) and orders.csv (id, date, customer_id, amount). Build an API from it.',
    'Tab 1 "Customers": name, phone, since. Tab 2 "Orders": date, customer, amount.',
    'Our spreadsheets: the customers sheet lists name, phone and since. The orders tab holds date, customer and amount.',
    'I have an Excel file with two sheets. Customers: name, phone, since. Orders: date, customer, amount.',
    'Worksheets:\n1. Customers - name, phone, since\n2. Orders - date, customer, amount',
    '# Workbook\n## Sheet: Customers\n- Name\n- Phone\n- Since\n## Sheet: Orders\n- Date\n- Customer\n- Amount',
    'Google Sheet "Customers" has columns: Name, Phone, Since. Google Sheet "Orders" has columns: Date, Customer, Amount.',
    'Sheet Customers. Columns: name, phone, since. Sheet Orders. Columns: date, customer, amount.',
  ])('%s', (prompt) => {
    expect(read(prompt)).toEqual(SHOP)
  })

  it.each([
    [
      'Currently I use an Excel sheet called Inventory with columns Item, Quantity, Location and Last counted. I want a backend for that.',
      ['Inventory /inventories: item!, quantity integer, location, lastCounted date'],
    ],
    [
      'In Excel:\n- Sheet "Pallets" with columns: number, location, weight\n- Sheet "Locations" with columns: aisle, shelf\n- Sheet "Movements" with columns: pallet, from, to',
      [
        'Location /locations: aisle!, shelf',
        'Movement /movements: from! date, to date, pallet → Pallet setNull',
        'Pallet /pallets: number! integer, weight number, location → Location setNull',
      ],
    ],
    [
      'Spreadsheet, sheet Batches: Batch, Kiln, Glaze, Status (open, fired); sheet Kilns: Kiln, Max temp, Move-in date',
      [
        'Batch /batches: batch!, glaze, status open|fired, kiln → Kiln setNull',
        'Kiln /kilns: kiln!, maxTemp integer, moveInDate date',
      ],
    ],
  ])('%s', (prompt, lines) => {
    expect(read(prompt)).toEqual(lines)
  })
})

describe('a sheet that is no table', () => {
  it.each([
    ['Each sheet has a title, a composer and a key.', ['Sheet /sheets: title!, composer, key']],
    [
      'Orders have a number. Every night the orders are exported to Excel.',
      ['? Every night the orders are exported to Excel', 'Order /orders: number! integer'],
    ],
    ['A worksheet has a title and a due date.', ['Worksheet /worksheets: title!, dueDate date']],
  ])('%s', (prompt, lines) => {
    expect(read(prompt)).toEqual(lines)
  })
})
