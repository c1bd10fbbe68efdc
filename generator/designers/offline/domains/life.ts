import type { DomainSource } from './types.ts'

/** Home, health, school, places, events, things that measure. Longer than 200 lines, since it is only data. */
export const life: readonly DomainSource[] = [
  {
    topics:
      'booking, reservation, appointment, appointment booking, appointment scheduling, scheduling, booking system, reservation system, appointment scheduler, salon, barber, table reservation, room booking, calendar',
    core: 'Booking',
    with: ['Service', 'Booking'],
    privacy: 'private',
    entities: {
      Service: {
        fields: ['name! = Haircut', 'description = Wash and cut', 'duration minutes = 45', 'price = 30'],
      },
      Booking: {
        fields: [
          'customer name! = Ines Costa',
          'customer email = ines@example.com',
          'starts at! = 2026-05-09T10:00:00Z',
          'ends at = 2026-05-09T10:45:00Z',
          'status:pending|confirmed|cancelled ~pending = confirmed',
        ],
        belongsTo: [
          'service restrict',
          'room! restrict',
          'customer restrict',
          'guest restrict',
          'event! cascade',
          'table restrict',
          'class! cascade',
        ],
      },
      Appointment: {
        fields: [
          'starts at! = 2026-05-09T10:00:00Z',
          'ends at = 2026-05-09T10:30:00Z',
          'reason = Yearly check',
          'status:scheduled|completed|cancelled ~scheduled = scheduled',
        ],
        belongsTo: [
          'patient! cascade',
          'doctor! restrict',
          'pet! cascade',
          'client restrict',
          'customer restrict',
          'service restrict',
          'vet',
        ],
      },
      Reservation: {
        fields: [
          'guest name! = Ines Costa',
          'starts at! = 2026-05-09T19:30:00Z',
          'party size = 4',
          'status:pending|confirmed|cancelled ~pending = confirmed',
        ],
        belongsTo: [
          'room! restrict',
          'table restrict',
          'restaurant! cascade',
          'guest restrict',
          'customer restrict',
          'flight! restrict',
        ],
      },
    },
  },
  {
    topics:
      'hotel, hotel booking, hotel reservation, hotel management, guest house, room reservation, hostel',
    core: 'Room',
    with: ['HotelRoom', 'Guest', 'Booking'],
    rename: { HotelRoom: 'Room' },
    privacy: 'catalogue',
    entities: {
      HotelRoom: {
        fields: [
          'number!* = 204',
          'type:single|double|suite = double',
          'price per night! = 120',
          'capacity = 2',
          'available ~true = true',
        ],
        belongsTo: ['hotel! cascade'],
      },
      Guest: {
        fields: ['name! = Ines Costa', 'email = ines@example.com', 'phone = +351 21 000 0000'],
        belongsTo: ['event cascade'],
      },
      Hotel: { fields: ['name! = Hotel Miramar', 'address = Passeig 3, Cadiz', 'stars = 4'] },
    },
  },
  {
    topics:
      'event, event management, event ticketing, event booking, meetup, conference, event planner, event planning, ticket booking, concert, ticket sale, event registration',
    core: 'Event',
    with: ['Event', 'EventTicket'],
    rename: { EventTicket: 'Ticket' },
    privacy: 'catalogue',
    entities: {
      Event: {
        fields: [
          'title! = Open-air cinema',
          'description = Bring a blanket',
          'location = Harbour meadow',
          'starts at! = 2026-07-11T20:30:00Z',
          'ends at = 2026-07-11T23:00:00Z',
          'capacity = 200',
        ],
        belongsTo: ['venue restrict', 'organizer', 'category'],
      },
      EventTicket: {
        fields: [
          'attendee name! = Noor Haddad',
          'attendee email = noor@example.com',
          'price = 9',
          'status:reserved|paid|cancelled ~reserved = paid',
        ],
        belongsTo: ['event! cascade'],
      },
      Venue: { fields: ['name! = Harbour meadow', 'address = Quay 2', 'capacity = 400'] },
      Attendee: {
        fields: ['name! = Noor Haddad', 'email = noor@example.com'],
        belongsTo: ['event! cascade'],
      },
      Speaker: { fields: ['name! = Dr. Mira Sen', 'bio = Works on compilers'] },
      Session: {
        fields: ['title! = Queues in practice', 'starts at = 2026-09-03T09:00:00Z', 'room = Hall B'],
        belongsTo: ['event! cascade', 'conference! cascade', 'speaker'],
      },
      Organizer: { fields: ['name! = Harbour Culture Club', 'email = hello@harbour.example'] },
    },
  },
  {
    topics:
      'expense, budget, expense tracker, expense tracking, budgeting, personal finance, finance, finance tracker, budget tracker, money tracker, spending, expense manager, budget planner',
    core: 'Expense',
    with: ['Category', 'Expense'],
    privacy: 'private',
    entities: {
      Expense: {
        fields: [
          'description! = Train to Berlin',
          'amount! = 49.9',
          'date! = 2026-05-04',
          'payment method = Card',
        ],
        belongsTo: ['category', 'budget', 'account', 'trip cascade', 'employee'],
      },
      Budget: {
        fields: ['name! = Travel', 'amount! = 1200', 'start date = 2026-01-01', 'end date = 2026-12-31'],
        belongsTo: ['category'],
      },
      Transaction: {
        fields: [
          'description = Rent',
          'amount! = 900',
          'type!:income|expense = expense',
          'date! = 2026-05-01',
        ],
        belongsTo: ['account restrict', 'category'],
      },
      Income: {
        fields: ['source! = Salary', 'amount! = 3100', 'date! = 2026-05-01'],
        belongsTo: ['category'],
      },
    },
  },
  {
    topics:
      'recipe, recipe book, cookbook, cooking, recipe sharing, recipe manager, meal planner, recipe collection, recipe management',
    core: 'Recipe',
    privacy: 'published',
    entities: {
      Recipe: {
        fields: [
          'title! = Lentil soup',
          'description = Warm and quick',
          'ingredients! = 200 g lentils, 1 onion, 1 l stock',
          'instructions! = Simmer for 25 minutes.',
          'prep time minutes = 10',
          'servings = 4',
        ],
        belongsTo: ['category', 'cuisine', 'author>User cascade'],
      },
      Ingredient: {
        fields: ['name! = Red lentils', 'quantity:number = 200', 'unit = g'],
        belongsTo: ['recipe! cascade'],
      },
      Meal: { fields: ['name! = Breakfast', 'date = 2026-05-04', 'calories = 420'], belongsTo: ['recipe'] },
    },
  },
  {
    topics:
      'fitness, workout, workout tracker, gym, exercise tracker, fitness tracker, workout log, gym tracker, training log, gym management, fitness tracking',
    core: 'Workout',
    with: ['Workout', 'Exercise'],
    privacy: 'private',
    entities: {
      Workout: {
        fields: ['name! = Leg day', 'date! = 2026-05-04', 'duration minutes = 50', 'notes = Felt strong'],
      },
      Exercise: {
        fields: ['name! = Squat', 'sets = 4', 'reps = 8', 'weight = 80'],
        belongsTo: ['workout! cascade'],
      },
    },
  },
  {
    topics: 'habit, habit tracker, habit tracking, goal tracker, goal',
    core: 'Habit',
    privacy: 'private',
    entities: {
      Habit: {
        fields: [
          'name! = Read ten pages',
          'description = Before bed',
          'frequency:daily|weekly|monthly ~daily = daily',
          'active ~true = true',
        ],
      },
      Goal: {
        fields: [
          'title! = Run a half marathon',
          'description = Under two hours',
          'target date = 2026-10-04',
          'completed ~false = false',
        ],
      },
      Journal: { fields: ['title! = A quiet Monday', 'body = Rain all day.', 'date = 2026-05-04'] },
    },
  },
  {
    topics: 'quiz, survey, exam, questionnaire, trivia, feedback form',
    core: 'Quiz',
    with: ['Quiz', 'Question', 'Answer'],
    privacy: 'catalogue',
    entities: {
      Quiz: { fields: ['title! = European capitals', 'description = Ten quick questions'] },
      Survey: {
        fields: ['title! = Office lunch', 'description = Two minutes', 'closes at = 2026-06-01T12:00:00Z'],
      },
      Response: {
        fields: ['respondent name = Noor', 'answer! = Yes'],
        belongsTo: ['survey! cascade', 'question! cascade', 'form! cascade'],
        firstRelationOnly: true,
      },
      Exam: {
        fields: ['title! = Algebra I', 'date = 2026-06-12', 'duration minutes = 90'],
        belongsTo: ['course cascade'],
      },
    },
  },
  {
    topics: 'poll, voting, polling, vote, election, voting system',
    core: 'Poll',
    with: ['Poll', 'Option', 'Vote'],
    privacy: 'catalogue',
    entities: {
      Poll: {
        fields: [
          'question! = Where shall we eat?',
          "description = Friday, seven o'clock",
          'closes at = 2026-05-08T12:00:00Z',
        ],
      },
      Option: {
        fields: ['text! = The new noodle place', 'position = 1'],
        belongsTo: ['poll! cascade', 'question! cascade'],
        firstRelationOnly: true,
      },
      Vote: {
        fields: ['voter name! = Noor'],
        belongsTo: ['option! cascade', 'poll! cascade', 'candidate! cascade', 'idea! cascade'],
        firstRelationOnly: true,
      },
      Idea: { fields: ['title! = Quiet hour', 'description = No meetings before ten'] },
    },
  },
  {
    topics:
      'school, course, course management, student management, university, learning management, lms, e-learning, elearning, student, classroom, online course, school management, college, student information',
    core: 'Course',
    with: ['Teacher', 'Student', 'Course'],
    privacy: 'shared',
    entities: {
      Student: {
        fields: [
          'first name! = Maya',
          'last name! = Kaya',
          'email* = maya@example.com',
          'birth date = 2008-03-14',
        ],
        belongsTo: ['school cascade', 'class'],
      },
      Teacher: {
        fields: ['name! = Dr. Mira Sen', 'email* = mira@example.com', 'subject = Mathematics'],
        belongsTo: ['school cascade', 'department'],
      },
      Course: {
        fields: [
          'title! = Linear algebra',
          'code* = MATH-201',
          'description = Vectors, maps and spaces',
          'credits = 6',
        ],
        belongsTo: ['teacher', 'instructor', 'department'],
      },
      Instructor: { fields: ['name! = Dr. Mira Sen', 'email* = mira@example.com'] },
      Class: { fields: ['name! = 7B', 'room = 12'], belongsTo: ['teacher', 'school cascade', 'trainer'] },
      Lesson: {
        fields: ['title! = Eigenvalues', 'content = Why some directions stay', 'position = 4'],
        belongsTo: ['course! cascade', 'module! cascade'],
        firstRelationOnly: true,
      },
      Enrollment: {
        fields: ['enrolled on = 2026-09-01', 'status:active|completed|dropped ~active = active'],
        belongsTo: ['student! cascade', 'course! cascade'],
      },
      Grade: {
        fields: ['score! = 88', 'date = 2026-06-12'],
        belongsTo: ['student! cascade', 'course! cascade', 'assignment! cascade', 'exam! cascade'],
      },
      Assignment: {
        fields: ['title! = Problem set 3', 'description = Due on paper', 'due date = 2026-05-22'],
        belongsTo: ['course cascade', 'class cascade'],
      },
      School: { fields: ['name! = Hill Road School', 'address = Hill Road 1'] },
    },
    manyToMany: [['Student', 'Course']],
    manyToManyUnless: 'Enrollment',
  },
  {
    topics:
      'pet store, pet shop, pet clinic, vet, veterinary, veterinary clinic, pet, pet adoption, animal shelter, petstore, vet clinic, pet hotel',
    core: 'Pet',
    with: ['Owner', 'Pet'],
    privacy: 'shared',
    entities: {
      Owner: { fields: ['name! = Ada Berg', 'email = ada@example.com', 'phone = +47 22 00 00 00'] },
      Pet: {
        fields: [
          'name! = Biscuit',
          'species! = Dog',
          'breed = Whippet',
          'birth date = 2021-04-02',
          'status:available|pending|sold = available',
        ],
        belongsTo: ['owner>Owner', 'category', 'customer', 'shelter'],
      },
      Vet: { fields: ['name! = Dr. Paul Reyes', 'specialty = Surgery'] },
      Visit: {
        fields: ['date! = 2026-05-04', 'description = Vaccination'],
        belongsTo: ['pet! cascade', 'patient! cascade', 'vet'],
      },
      Animal: {
        fields: ['name! = Biscuit', 'species! = Dog', 'age = 5'],
        belongsTo: ['owner>Owner', 'shelter cascade', 'zoo cascade', 'enclosure'],
      },
    },
  },
  {
    topics:
      'clinic, hospital, medical, patient, doctor appointment, healthcare, health, patient management, hospital management, dentist, doctor, medical record',
    core: 'Patient',
    with: ['Doctor', 'Patient', 'Appointment'],
    privacy: 'shared',
    entities: {
      Doctor: {
        fields: ['name! = Dr. Mira Sen', 'specialty = Cardiology', 'email = mira@example.com'],
        belongsTo: ['department', 'hospital cascade', 'clinic cascade'],
      },
      Patient: {
        fields: [
          'name! = Jonas Weber',
          'birth date = 1984-11-02',
          'phone = +49 30 555 020',
          'email = jonas@example.com',
          'notes = Allergic to penicillin',
        ],
        belongsTo: ['doctor'],
      },
      Prescription: {
        fields: ['medication! = Amoxicillin', 'dosage = 500 mg, three times a day', 'issued on = 2026-05-04'],
        belongsTo: ['patient! cascade', 'doctor! restrict'],
      },
    },
  },
  {
    topics:
      'weather station, iot, sensor, weather, sensor data, iot sensor, temperature monitoring, weather data, sensor reading, iot device, telemetry, smart home, device monitoring',
    core: 'Reading',
    with: ['Station', 'Reading'],
    privacy: 'shared',
    entities: {
      Station: {
        fields: ['name! = Roof north', 'location = Campus Lund', 'latitude = 55.71', 'longitude = 13.19'],
      },
      Sensor: {
        fields: ['name! = Greenhouse 2', 'type = Temperature', 'location = East wall', 'active ~true = true'],
        belongsTo: ['station cascade', 'device cascade', 'room'],
      },
      Device: {
        fields: [
          'name! = Gateway 7',
          'serial number* = GW-0007',
          'location = Basement',
          'active ~true = true',
        ],
        belongsTo: ['room', 'location>Location'],
      },
      Reading: {
        fields: [
          'temperature = 18.4',
          'humidity = 61',
          'pressure = 1013.2',
          'recorded at! = 2026-05-04T06:00:00Z',
        ],
        belongsTo: ['station! cascade', 'sensor! cascade', 'device! cascade', 'weatherStation! cascade'],
        firstRelationOnly: true,
      },
      Measurement: {
        fields: ['value!:number = 18.4', 'unit = °C', 'recorded at! = 2026-05-04T06:00:00Z'],
        belongsTo: ['sensor! cascade', 'station! cascade', 'device! cascade'],
        firstRelationOnly: true,
      },
    },
  },
  {
    topics: 'parking, parking lot, parking management, car park, parking garage',
    core: 'ParkingSpot',
    with: ['ParkingLot', 'ParkingSpot', 'ParkingSession'],
    privacy: 'shared',
    entities: {
      ParkingLot: { fields: ['name! = Station East', 'address = Quay 9', 'capacity = 120'] },
      ParkingSpot: {
        fields: [
          'number!:string = B-14',
          'type:standard|accessible|electric ~standard = standard',
          'occupied ~false = false',
        ],
        belongsTo: ['parkingLot cascade'],
      },
      ParkingSession: {
        fields: [
          'license plate! = AB12 CDE',
          'entered at! = 2026-05-04T08:00:00Z',
          'left at = 2026-05-04T10:15:00Z',
          'fee = 4.5',
        ],
        belongsTo: ['parkingSpot! restrict'],
      },
    },
  },
  {
    topics: 'travel, trip, trip planner, travel planner, itinerary, travel journal, trip planning',
    core: 'Trip',
    privacy: 'private',
    entities: {
      Trip: {
        fields: [
          'title! = Coast of Galicia',
          'destination = A Coruña',
          'start date = 2026-08-01',
          'end date = 2026-08-10',
          'notes = Pack rain jackets',
        ],
      },
      Destination: {
        fields: ['name! = A Coruña', 'country = Spain'],
        belongsTo: ['trip cascade', 'country>Country'],
      },
      Flight: {
        fields: [
          'flight number! = IB2611',
          'departure! = 2026-08-01T07:20:00Z',
          'arrival! = 2026-08-01T10:05:00Z',
          'price = 140',
        ],
        belongsTo: ['airline', 'trip cascade'],
      },
      Place: {
        fields: [
          'name! = Tower of Hercules',
          'address = Avenida Navarra',
          'latitude = 43.38',
          'longitude = -8.4',
        ],
        belongsTo: ['category', 'city>City'],
      },
    },
  },
  {
    topics: 'plant, garden, gardening, plant tracker, plant care, plant collection',
    core: 'Plant',
    privacy: 'private',
    entities: {
      Plant: {
        fields: [
          'name! = Basil',
          'species = Ocimum basilicum',
          'location = Kitchen window',
          'last watered on = 2026-05-03',
        ],
      },
    },
  },
  {
    topics: 'team, sport, league, tournament, football, soccer, sports league, sports team, football league',
    core: 'Team',
    with: ['Team', 'Player', 'Match'],
    privacy: 'shared',
    entities: {
      Player: {
        fields: [
          'name! = Leila Haddad',
          'position:string = Midfield',
          'shirt number = 8',
          'birth date = 2001-02-17',
        ],
        belongsTo: ['team cascade', 'club cascade'],
      },
      Match: {
        fields: ['date! = 2026-05-09', 'location = City ground', 'home score = 2', 'away score = 1'],
        belongsTo: [
          'homeTeam>Team! restrict',
          'awayTeam>Team! restrict',
          'tournament cascade',
          'league cascade',
        ],
      },
    },
  },
  {
    topics: 'user, user management, account, profile, member directory, user directory',
    core: 'User',
    privacy: 'shared',
    entities: {
      User: {
        fields: ['name! = Grace Park', 'email!* = grace@example.com'],
        belongsTo: ['team', 'company', 'organization'],
      },
      Account: { fields: ['name! = Grace Park', 'email!* = grace@example.com'] },
      Profile: {
        fields: [
          'display name! = Grace',
          'bio = Sails on weekends',
          'avatar url = https://img.example/grace.png',
        ],
        belongsTo: ['user!* cascade', 'author!* cascade', 'customer!* cascade'],
        firstRelationOnly: true,
      },
      Person: {
        fields: [
          'name! = Grace Park',
          'email = grace@example.com',
          'phone = +1 415 555 0134',
          'birthday = 1990-09-12',
        ],
      },
      Role: { fields: ['name!* = Editor', 'description = May publish'] },
      Organization: { fields: ['name! = Harbour Culture Club', 'website = https://harbour.example'] },
      Address: {
        fields: ['street! = Rua Augusta 8', 'city! = Lisbon', 'postal code = 1100-048', 'country = Portugal'],
        belongsTo: ['customer cascade', 'user cascade', 'contact cascade', 'person cascade'],
        firstRelationOnly: true,
      },
      Notification: {
        fields: ['title! = Your order is on its way', 'body = It arrives on Friday', 'read ~false = false'],
        belongsTo: ['user! cascade'],
      },
      Location: {
        fields: [
          'name! = Campus Lund',
          'address = Ole Römers väg 1',
          'latitude = 55.71',
          'longitude = 13.19',
        ],
      },
      City: { fields: ['name! = Lisbon', 'population = 545000'], belongsTo: ['country>Country cascade'] },
      Country: { fields: ['name!* = Portugal', 'code* = PT'] },
    },
  },
]
