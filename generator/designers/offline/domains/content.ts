import type { DomainSource } from './types.ts'

/** What people write, read, watch and share. Longer than 200 lines, since it is only data. */
export const content: readonly DomainSource[] = [
  {
    topics:
      'blog, blogging, blog post, cms, content management, news, news site, article, newspaper, magazine, personal blog, micro blog, microblog',
    core: 'Post',
    with: ['Post', 'Comment'],
    privacy: 'published',
    entities: {
      Post: {
        fields: [
          'title! = Why we moved to SQLite',
          'body! = It began with one slow query.',
          'slug* = why-we-moved-to-sqlite',
          'published ~false = true',
          'published at = 2026-05-04T08:00:00Z',
        ],
        belongsTo: ['author cascade', 'author>User cascade', 'category', 'thread! cascade', 'topic cascade'],
      },
      Article: {
        fields: [
          'title! = The long road to fibre',
          'body! = Three villages, one cable.',
          'slug* = the-long-road-to-fibre',
          'published at = 2026-05-04T08:00:00Z',
        ],
        belongsTo: ['author cascade', 'author>User cascade', 'category'],
      },
      Comment: {
        fields: ['body! = Thanks, this helped.', 'author name = Noor'],
        belongsTo: [
          'post! cascade',
          'article! cascade',
          'task! cascade',
          'ticket! cascade',
          'issue! cascade',
          'recipe! cascade',
          'photo! cascade',
          'video! cascade',
          'todo! cascade',
          'book! cascade',
          'movie! cascade',
          'event! cascade',
          'idea! cascade',
          'author>User cascade',
        ],
        firstRelationOnly: true,
      },
      Page: { fields: ['title! = About us', 'slug!* = about-us', 'content = We are a small team.'] },
      Tag: { fields: ['name!* = databases'] },
    },
  },
  {
    topics: 'forum, discussion board, message board, community, discussion forum, discussion',
    core: 'Thread',
    with: ['Thread', 'Reply'],
    privacy: 'published',
    entities: {
      Thread: {
        fields: [
          'title! = How do you label your seedlings?',
          'body! = Ink fades within a week here.',
          'pinned ~false = false',
        ],
        belongsTo: ['category', 'author>User cascade', 'forum cascade'],
      },
      Topic: {
        fields: ['title! = Seed swaps', 'description = Offers and wishes'],
        belongsTo: ['forum cascade', 'category'],
      },
      Question: {
        fields: ['text! = How often do you water?', 'position = 1'],
        belongsTo: ['quiz! cascade', 'survey! cascade', 'exam! cascade'],
        firstRelationOnly: true,
      },
      Answer: { fields: ['text! = Twice a week', 'correct ~false = true'], belongsTo: ['question! cascade'] },
    },
  },
  {
    topics: 'chat, messaging, messenger, chat room, instant messaging, direct message, message, chatroom',
    core: 'Message',
    with: ['Room', 'Message'],
    privacy: 'shared',
    entities: {
      Room: {
        fields: ['name! = General', 'description = Everything that fits nowhere else'],
        belongsTo: ['hotel! cascade', 'building cascade'],
      },
      Channel: {
        fields: ['name! = general', 'description = Everything that fits nowhere else'],
        belongsTo: ['workspace cascade', 'team cascade'],
      },
      Conversation: { fields: ['title = Weekend plans'] },
      Message: {
        fields: ['body! = See you at eight', 'sender name = Noor', 'sent at = 2026-05-04T18:20:00Z'],
        belongsTo: [
          'room! cascade',
          'channel! cascade',
          'conversation! cascade',
          'chat! cascade',
          'sender>User cascade',
        ],
        firstRelationOnly: true,
      },
    },
  },
  {
    topics: 'note, note taking, note-taking, notes, notebook, memo, notepad',
    core: 'Note',
    privacy: 'private',
    entities: {
      Note: {
        fields: ['title! = Packing list', 'content = Tent, stove, rope', 'pinned ~false = false'],
        belongsTo: ['notebook cascade', 'folder', 'category', 'contact cascade'],
      },
      Notebook: { fields: ['name! = Travel', 'description = Plans and lists'] },
      Folder: { fields: ['name! = Recipes'] },
    },
  },
  {
    topics:
      'bookmark, bookmarking, bookmark manager, link collection, reading list, bookmark management, link sharing',
    core: 'Bookmark',
    privacy: 'private',
    entities: {
      Bookmark: {
        fields: [
          'title! = SQLite documentation',
          'url! = https://sqlite.org/docs.html',
          'description = Reference for pragmas',
        ],
        belongsTo: ['folder', 'category', 'collection'],
      },
      Collection: { fields: ['name! = Databases', 'description = Papers and manuals'] },
    },
  },
  {
    topics:
      'url shortener, link shortener, short link, url shortening, short url, link shortening, shortlink',
    core: 'Link',
    privacy: 'private',
    notes: ['redirecting from a short link to its address'],
    entities: {
      Link: {
        fields: ['slug!* = spring-sale', 'url! = https://shop.example/campaigns/spring', 'clicks ~0 = 12'],
      },
    },
  },
  {
    topics:
      'library, library management, book, book catalog, book catalogue, book collection, book library, books library, public library, school library, book management',
    core: 'Book',
    with: ['Author', 'Book'],
    privacy: 'catalogue',
    entities: {
      Author: {
        fields: ['name! = Ursula K. Le Guin', 'bio = Novelist and essayist', 'birth date = 1929-10-21'],
      },
      Book: {
        fields: [
          'title! = The Dispossessed',
          'author = Ursula K. Le Guin',
          'isbn* = 9780060512750',
          'description = An ambiguous utopia',
          'published year = 1974',
          'pages = 387',
        ],
        belongsTo: ['author', 'publisher', 'genre', 'category', 'library'],
      },
      Publisher: { fields: ['name! = Harper & Row', 'website = https://harper.example'] },
      Genre: { fields: ['name!* = Science fiction'] },
      Member: {
        fields: ['name! = Jonas Weber', 'email* = jonas@example.com', 'joined date = 2025-01-15'],
        belongsTo: ['gym', 'team'],
      },
      Loan: {
        fields: ['loan date! = 2026-05-04', 'due date! = 2026-05-25', 'returned ~false = false'],
        belongsTo: ['book! restrict', 'member! restrict', 'user! restrict'],
      },
      Borrower: { fields: ['name! = Jonas Weber', 'email* = jonas@example.com'] },
    },
  },
  {
    topics:
      'movie, film, movie catalog, movie catalogue, movie database, film catalogue, movie collection, movie review, watchlist, movie library',
    core: 'Movie',
    privacy: 'catalogue',
    entities: {
      Movie: {
        fields: [
          'title! = Spirited Away',
          'director = Hayao Miyazaki',
          'release year = 2001',
          'duration = 125',
          'synopsis = A girl works in a bath house for spirits',
        ],
        belongsTo: ['director', 'genre', 'studio'],
      },
      Film: {
        fields: ['title! = Spirited Away', 'release year = 2001', 'duration = 125'],
        belongsTo: ['director', 'genre'],
      },
      Actor: { fields: ['name! = Toni Servillo', 'birth date = 1959-01-25'] },
      Director: { fields: ['name! = Agnès Varda', 'birth date = 1928-05-30'] },
      Review: {
        fields: ['rating! = 4', 'body = Better than I hoped', 'author name = Noor'],
        belongsTo: [
          'product! cascade',
          'movie! cascade',
          'film! cascade',
          'book! cascade',
          'restaurant! cascade',
          'hotel! cascade',
          'recipe! cascade',
          'course! cascade',
          'game! cascade',
          'property! cascade',
          'place! cascade',
          'customer',
          'author>User cascade',
        ],
        firstRelationOnly: true,
      },
      Game: {
        fields: ['title! = Outer Wilds', 'genre = Adventure', 'platform = PC', 'release date = 2019-05-28'],
        belongsTo: ['studio', 'publisher'],
      },
      Video: {
        fields: ['title! = How bread rises', 'url! = https://video.example/bread', 'duration = 480'],
        belongsTo: ['channel cascade'],
      },
    },
  },
  {
    topics:
      'music, music catalog, music catalogue, music library, song, playlist, album, record collection, music streaming',
    core: 'Album',
    with: ['Artist', 'Album', 'Song'],
    privacy: 'catalogue',
    entities: {
      Artist: { fields: ['name! = Nina Simone', 'genre = Jazz', 'bio = Singer and pianist'] },
      Album: {
        fields: [
          'title! = Pastel Blues',
          'artist = Nina Simone',
          'release date = 1965-10-01',
          'genre = Jazz',
        ],
        belongsTo: ['artist cascade'],
      },
      Song: {
        fields: ['title! = Sinnerman', 'duration = 622', 'track number = 9'],
        belongsTo: ['album cascade', 'artist cascade'],
      },
      Track: {
        fields: ['title! = Sinnerman', 'duration = 622', 'track number = 9'],
        belongsTo: ['album cascade', 'artist cascade'],
      },
      Playlist: { fields: ['name! = Sunday morning', 'description = Slow and warm'] },
    },
    manyToMany: [
      ['Playlist', 'Song'],
      ['Playlist', 'Track'],
    ],
  },
  {
    topics: 'photo gallery, photo sharing, image gallery, gallery, photo album, portfolio',
    core: 'Photo',
    privacy: 'published',
    entities: {
      Photo: {
        fields: [
          'title! = First snow',
          'url! = https://img.example/first-snow.jpg',
          'caption = Seen from the attic',
          'taken at = 2026-01-08T07:40:00Z',
        ],
        belongsTo: ['album cascade', 'gallery cascade'],
      },
    },
  },
  {
    topics: 'social network, social media, twitter clone, twitter, tweet',
    core: 'Post',
    with: ['User', 'Post', 'Comment'],
    privacy: 'published',
    entities: {
      Tweet: { fields: ['text! = Rain at last'], belongsTo: ['author>User cascade'] },
      Like: { fields: [], belongsTo: ['post! cascade', 'tweet! cascade', 'user! cascade'] },
    },
  },
]
