import type { DomainSource } from './types.ts'

/** Shops, stock, food, property, cars. Longer than 200 lines, since it is only data. */
export const commerce: readonly DomainSource[] = [
  {
    topics:
      'shop, e-commerce, ecommerce, e commerce, store, online store, online shop, web shop, webshop, marketplace, shopping, product catalog, product catalogue, retail, e-shop, bookstore, book store, bookshop, book shop, product management',
    core: 'Product',
    with: ['Category', 'Product', 'Customer', 'Order', 'OrderItem'],
    privacy: 'catalogue',
    entities: {
      Category: { fields: ['name!* = Kitchen', 'description = Pots, pans and small helpers'] },
      Product: {
        fields: [
          'name! = Enamel mug',
          'description = 350 ml, dishwasher safe',
          'price! = 12.5',
          'sku* = MUG-350',
          'stock ~0 = 40',
        ],
        belongsTo: ['category', 'supplier', 'brand', 'vendor'],
      },
      Customer: {
        fields: [
          'name! = Ines Costa',
          'email!* = ines@example.com',
          'phone = +351 21 000 0000',
          'address = Rua Augusta 8, Lisbon',
        ],
      },
      Order: {
        fields: [
          'status:pending|paid|shipped|delivered|cancelled ~pending = paid',
          'total = 37.5',
          'notes = Leave with the neighbour',
        ],
        belongsTo: ['customer! restrict', 'table'],
      },
      OrderItem: {
        fields: ['quantity! = 3', 'unit price = 12.5'],
        belongsTo: ['order! cascade', 'product! restrict', 'menuItem! restrict'],
      },
      Cart: {
        fields: ['status:open|ordered|abandoned ~open = open'],
        belongsTo: ['customer cascade', 'user cascade'],
      },
      CartItem: { fields: ['quantity! = 2'], belongsTo: ['cart! cascade', 'product! restrict'] },
      Brand: { fields: ['name!* = Emalia', 'website = https://emalia.example'] },
      Vendor: { fields: ['name! = Olsen Ceramics', 'email = hello@olsen.example'] },
      Coupon: { fields: ['code!* = SPRING10', 'discount! = 10', 'expires at = 2026-06-30T23:59:00Z'] },
    },
  },
  {
    topics:
      'inventory, warehouse, inventory management, stock management, inventory tracker, warehouse management, stock, inventory tracking, warehouse inventory',
    core: 'Product',
    with: ['Warehouse', 'Supplier', 'Product', 'StockMovement'],
    privacy: 'shared',
    entities: {
      Item: {
        fields: [
          'name! = Hex bolt M8',
          'description = Zinc plated',
          'sku* = HB-M8',
          'quantity ~0 = 500',
          'price = 0.12',
        ],
        belongsTo: ['category', 'warehouse restrict', 'supplier'],
      },
      Warehouse: {
        fields: ['name! = Rotterdam North', 'address = Havenweg 4, Rotterdam', 'capacity = 12000'],
      },
      Supplier: {
        fields: ['name! = Meyer Metals', 'email = orders@meyer.example', 'phone = +49 30 555 010'],
      },
      StockMovement: {
        fields: ['type!:in|out = in', 'quantity! = 250', 'date = 2026-05-04', 'note = Monthly delivery'],
        belongsTo: ['product! restrict', 'warehouse restrict'],
      },
      Shipment: {
        fields: [
          'tracking number = TRK-88213',
          'status:pending|in transit|delivered ~pending = in transit',
          'shipped at = 2026-05-04T09:00:00Z',
        ],
        belongsTo: ['order restrict', 'warehouse'],
      },
    },
  },
  {
    topics:
      'restaurant, restaurant menu, menu, restaurant order, food delivery, food ordering, restaurant management, cafe, pizzeria, food order, coffee shop',
    core: 'MenuItem',
    with: ['MenuItem', 'Order', 'OrderItem'],
    privacy: 'catalogue',
    entities: {
      MenuItem: {
        fields: [
          'name! = Mushroom risotto',
          'description = With aged parmesan',
          'price! = 14.5',
          'category:starter|main|dessert|drink = main',
          'available ~true = true',
        ],
        belongsTo: ['menu cascade', 'restaurant cascade'],
      },
      Restaurant: {
        fields: [
          'name! = Casa Verde',
          'address = 3 Harbour Street',
          'cuisine = Italian',
          'phone = +44 20 7946 0123',
        ],
      },
      Menu: {
        fields: ['name! = Lunch', 'description = Weekdays from twelve to three'],
        belongsTo: ['restaurant cascade'],
      },
      Dish: {
        fields: ['name! = Mushroom risotto', 'description = With aged parmesan', 'price! = 14.5'],
        belongsTo: ['menu cascade', 'restaurant cascade', 'category'],
      },
      Table: { fields: ['number! = 4', 'seats = 6'], belongsTo: ['restaurant cascade'] },
    },
  },
  {
    topics:
      'real estate, property listing, real estate listing, property management, housing, apartment rental, rental listing, realty',
    core: 'Property',
    with: ['Agent', 'Property'],
    privacy: 'catalogue',
    entities: {
      Property: {
        fields: [
          'title! = Bright flat by the park',
          'description = Two balconies, quiet street',
          'address! = 9 Elm Road, Leeds',
          'price! = 240000',
          'bedrooms = 2',
          'bathrooms = 1',
          'area = 68',
          'status:for sale|for rent|sold ~for sale = for sale',
        ],
        belongsTo: ['agent', 'owner>Owner'],
      },
      Apartment: {
        fields: ['address! = 9 Elm Road, Leeds', 'rent = 950', 'bedrooms = 2', 'available ~true = true'],
        belongsTo: ['building cascade'],
      },
      Tenant: {
        fields: ['name! = Sam Okafor', 'email = sam@example.com', 'phone = +44 113 496 0000'],
        belongsTo: ['apartment', 'property'],
      },
      Viewing: {
        fields: ['scheduled at! = 2026-05-09T11:00:00Z', 'visitor name! = Sam Okafor'],
        belongsTo: ['property! cascade'],
      },
    },
  },
  {
    topics: 'car rental, vehicle rental, fleet, fleet management, car dealership, car, vehicle, garage',
    core: 'Car',
    with: ['Car', 'Customer', 'Rental'],
    privacy: 'catalogue',
    entities: {
      Car: {
        fields: [
          'make! = Skoda',
          'model! = Octavia',
          'year = 2023',
          'license plate* = AB12 CDE',
          'daily rate = 45',
          'available ~true = true',
        ],
        belongsTo: ['owner>Owner'],
      },
      Vehicle: {
        fields: [
          'make! = Ford',
          'model! = Transit',
          'year = 2022',
          'license plate* = XY34 ZAB',
          'mileage = 41000',
        ],
        belongsTo: ['driver', 'owner>Owner'],
      },
      Driver: { fields: ['name! = Petra Lind', 'license number* = LIND-901', 'phone = +46 8 555 0101'] },
      Rental: {
        fields: ['start date! = 2026-06-01', 'end date! = 2026-06-05', 'total = 180'],
        belongsTo: ['car! restrict', 'vehicle! restrict', 'customer! restrict'],
      },
    },
  },
  {
    topics: 'subscription, subscription management, membership',
    core: 'Subscription',
    with: ['Plan', 'Subscription'],
    privacy: 'shared',
    entities: {
      Plan: { fields: ['name! = Team', 'price! = 29', 'interval:month|year ~month = month'] },
      Subscription: {
        fields: [
          'customer email! = ines@example.com',
          'status:active|paused|cancelled ~active = active',
          'start date! = 2026-05-01',
        ],
        belongsTo: ['plan! restrict', 'customer cascade', 'user cascade'],
      },
    },
  },
]
