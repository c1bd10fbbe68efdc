import type { DomainSource } from './types.ts'

/** Tasks, projects, customers, tickets, staff. Longer than 200 lines, since it is only data. */
export const work: readonly DomainSource[] = [
  {
    topics: 'todo, to-do, to do, todo list, to-do list, to do list, task list, checklist, todo item',
    core: 'Todo',
    privacy: 'private',
    entities: {
      Todo: {
        fields: [
          'title! = Buy milk',
          'description = Two litres, semi-skimmed',
          'completed ~false = false',
          'due date = 2026-06-01',
        ],
      },
    },
  },
  {
    topics: 'task, task management, task manager, task tracker, task tracking, kanban, kanban board, trello',
    core: 'Task',
    privacy: 'private',
    entities: {
      Task: {
        fields: [
          'title! = Write the release notes',
          'description = Cover the new import',
          'status:todo|in progress|done ~todo = in progress',
          'due date = 2026-06-01',
        ],
        belongsTo: ['project cascade', 'assignee>User'],
      },
    },
  },
  {
    topics: 'project management, project, project manager, project tracker, team task, agile board, sprint',
    core: 'Project',
    with: ['Project', 'Task'],
    privacy: 'shared',
    entities: {
      Project: {
        fields: [
          'name! = Website relaunch',
          'description = New design and faster pages',
          'status:planned|active|completed ~planned = active',
          'due date = 2026-09-30',
        ],
      },
      Milestone: {
        fields: ['title! = Beta', 'due date = 2026-07-01', 'completed ~false = false'],
        belongsTo: ['project! cascade'],
      },
      Team: { fields: ['name! = Platform', 'description = Owns the shared services'] },
    },
  },
  {
    topics: 'crm, customer relationship management, sales pipeline, lead management, sales crm, lead tracker',
    core: 'Contact',
    with: ['Company', 'Contact', 'Deal'],
    privacy: 'shared',
    entities: {
      Company: {
        fields: [
          'name! = Northwind Traders',
          'website = https://northwind.example',
          'industry = Wholesale',
          'phone = +44 20 7946 0100',
        ],
      },
      Deal: {
        fields: [
          'title! = Annual licence',
          'amount = 12000',
          'stage:lead|qualified|proposal|won|lost ~lead = proposal',
          'expected close date = 2026-08-31',
        ],
        belongsTo: ['contact restrict', 'company restrict'],
      },
      Lead: {
        fields: [
          'name! = Amara Diallo',
          'email = amara@example.com',
          'phone = +33 1 70 18 99 00',
          'source = Website',
          'status:new|contacted|qualified|lost ~new = contacted',
        ],
      },
      Opportunity: {
        fields: ['title! = Fleet renewal', 'amount = 40000', 'stage = Proposal'],
        belongsTo: ['company restrict'],
      },
      Activity: {
        fields: ['type = Call', 'notes = Asked for a quote', 'date = 2026-05-04'],
        belongsTo: ['contact cascade'],
      },
    },
  },
  {
    topics:
      'contact, address book, contact list, contact book, phone book, phonebook, contact manager, contact management',
    core: 'Contact',
    privacy: 'private',
    entities: {
      Contact: {
        fields: [
          'name! = Grace Park',
          'email = grace@example.com',
          'phone = +1 415 555 0134',
          'notes = Met at the conference',
        ],
        belongsTo: ['company'],
      },
    },
  },
  {
    topics:
      'helpdesk, help desk, support ticket, ticketing, issue tracker, issue tracking, bug tracker, bug tracking, support desk, customer support, ticket system, support',
    core: 'Ticket',
    with: ['Ticket', 'Reply'],
    privacy: 'shared',
    entities: {
      Ticket: {
        fields: [
          'subject! = Cannot open the invoice',
          'description = The PDF stays blank',
          'status:open|in progress|resolved|closed ~open = open',
          'priority:low|medium|high|urgent ~medium = high',
        ],
        belongsTo: ['customer', 'assignee>User', 'event'],
      },
      Reply: {
        fields: ['body! = Could you send a screenshot?', 'author name = Support'],
        belongsTo: ['ticket! cascade', 'comment! cascade', 'thread! cascade'],
        firstRelationOnly: true,
      },
      Issue: {
        fields: [
          'title! = Crash on empty input',
          'description = Happens on save',
          'status:open|in progress|closed ~open = open',
          'priority:low|medium|high ~medium = medium',
        ],
        belongsTo: ['project cascade', 'assignee>User'],
      },
      Bug: {
        fields: [
          'title! = Crash on empty input',
          'description = Happens on save',
          'severity:minor|major|critical = major',
          'status:open|fixed|closed ~open = open',
        ],
        belongsTo: ['project cascade'],
      },
      Agent: { fields: ['name! = Kofi Mensah', 'email* = kofi@example.com'] },
    },
  },
  {
    topics:
      'employee, hr, human resource, human resources, employee management, employee directory, staff management, staff directory, personnel, hrm',
    core: 'Employee',
    with: ['Department', 'Employee'],
    privacy: 'shared',
    entities: {
      Department: { fields: ['name! = Finance', 'description = Books and payroll'] },
      Employee: {
        fields: [
          'first name! = Lena',
          'last name! = Novak',
          'email* = lena.novak@example.com',
          'job title = Accountant',
          'salary = 52000',
          'hire date = 2024-02-01',
        ],
        belongsTo: ['department restrict', 'manager>Employee', 'company'],
      },
      LeaveRequest: {
        fields: [
          'start date! = 2026-07-06',
          'end date! = 2026-07-10',
          'reason = Summer holiday',
          'status:pending|approved|rejected ~pending = pending',
        ],
        belongsTo: ['employee! cascade'],
      },
      Attendance: {
        fields: [
          'date! = 2026-05-04',
          'check in time = 2026-05-04T08:58:00Z',
          'check out time = 2026-05-04T17:02:00Z',
        ],
        belongsTo: ['employee! cascade', 'student! cascade'],
      },
    },
  },
  {
    topics:
      'job board, job listing, job posting, job portal, recruitment, hiring, careers, career site, ats, applicant tracking',
    core: 'Job',
    with: ['Company', 'Job', 'Application'],
    privacy: 'catalogue',
    entities: {
      Job: {
        fields: [
          'title! = Backend engineer',
          'description! = Build and run our APIs',
          'location = Lisbon',
          'salary = 60000',
          'employment type:full-time|part-time|contract|internship = full-time',
        ],
        belongsTo: ['company cascade'],
      },
      Application: {
        fields: [
          'applicant name! = Tomás Silva',
          'email! = tomas@example.com',
          'cover letter = I have run services at scale',
          'resume url = https://cv.example/tomas',
          'status:submitted|reviewing|accepted|rejected ~submitted = submitted',
        ],
        belongsTo: ['job! cascade', 'candidate'],
      },
      Candidate: {
        fields: [
          'name! = Tomás Silva',
          'email* = tomas@example.com',
          'resume url = https://cv.example/tomas',
        ],
      },
    },
  },
  {
    topics:
      'invoice, invoicing, billing, invoice management, invoice generator, quotation, freelance billing',
    core: 'Invoice',
    with: ['Client', 'Invoice', 'InvoiceItem'],
    privacy: 'private',
    entities: {
      Client: {
        fields: [
          'name! = Baker & Sons',
          'email = accounts@bakerandsons.example',
          'address = 12 Mill Lane, York',
        ],
      },
      Invoice: {
        fields: [
          'number!*:string = INV-2026-014',
          'issue date! = 2026-05-01',
          'due date = 2026-05-31',
          'status:draft|sent|paid|overdue ~draft = sent',
          'total = 480',
        ],
        belongsTo: ['client restrict', 'customer restrict'],
      },
      InvoiceItem: {
        fields: ['description! = Design work', 'quantity! = 6', 'unit price! = 80'],
        belongsTo: ['invoice! cascade'],
      },
      Payment: {
        fields: ['amount! = 480', 'paid at = 2026-05-12T10:00:00Z', 'method = Bank transfer'],
        belongsTo: ['invoice restrict', 'order restrict', 'booking restrict'],
      },
    },
  },
  {
    topics: 'time tracking, timesheet, time tracker',
    core: 'TimeEntry',
    with: ['Project', 'TimeEntry'],
    privacy: 'private',
    entities: {
      TimeEntry: {
        fields: [
          'description! = Fix the importer',
          'started at! = 2026-05-04T09:00:00Z',
          'ended at = 2026-05-04T10:30:00Z',
          'billable ~false = true',
        ],
        belongsTo: ['project cascade'],
      },
    },
  },
  {
    topics: 'job application, job application tracker, job search, job search tracker, application tracker',
    core: 'JobApplication',
    privacy: 'private',
    entities: {
      JobApplication: {
        fields: [
          'company! = Northwind Traders',
          'job title! = Backend engineer',
          'status:applied|interview|offer|rejected ~applied = interview',
          'applied on = 2026-05-04',
          'notes = Met their team lead',
        ],
      },
    },
  },
]
