/** Realistic prompts: from one entity to six with relations and authentication; short, long, sloppy. */
export const PROMPTS = [
  'Create a REST API for a todo app with CRUD operations',
  'notes app where each user can only see their own notes, with login',
  'A blog with users, posts and comments. Users have many posts. Posts have many comments. Posts and tags are many-to-many. Anyone can read, only authors can edit. JWT.',
  'I need an inventory API: products (name required, sku unique, price, quantity integer), warehouses (name, city) and stock movements. Each stock movement belongs to a product and a warehouse and has a type: in or out.',
  'online shop with customers, products, categories, orders, order items and reviews. each order belongs to a customer, order items have a quantity and belong to a product and an order. reviews belong to a product and have a rating (1-5) and a text. orders have a status: pending, paid, shipped or cancelled. with login',
  'Booking system for a hair salon: services, staff members, appointments. Send a reminder by SMS one day before.',
  'library api: books (title, isbn unique, published year), authors (name, bio) and loans. a book belongs to an author, a loan belongs to a book and has a due date',
  'CRM with companies, contacts, deals (stage: lead, qualified, won, lost; amount; close date) and activities',
  'url shortener',
  'Build a backend for tracking employees: name, email (unique), salary between 1000 and 100000, department, hire date, is active.',
  `Course catalogue with JWT authentication.
- Course: title (required), description, credits: integer, level: beginner | intermediate | advanced
- Student: full name, email unique, enrolled on (date)
- Students enroll in courses`,
  'chat app with rooms, members and messages, jwt auth, messages can reply to other messages',
  'members with email and password book classes; classes have a title, a capacity and tags (a list of strings)',
] as const
