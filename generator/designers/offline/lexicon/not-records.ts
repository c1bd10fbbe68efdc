/** Words that prose is full of and that name no rows. An explicit list of entities may still use them. */

const set = (words: string): ReadonlySet<string> => new Set(words.trim().split(/\s+/))

/** Tools, languages and protocols that the generator neither uses nor replaces. */
export const TECHNOLOGY = set(`
  docker dockerfile kubernetes k8s helm terraform ansible jenkins git github gitlab bitbucket aws azure gcp cloud ec2 s3 lambda
  serverless linux unix nginx apache kafka rabbitmq elasticsearch react angular vue svelte redux css html sass tailwind webpack
  vite jest vitest mocha cypress playwright postman insomnia figma jira confluence scrum agile devops ci cd sdk cli ide http https
  tcp udp websocket websockets webrtc oauth oauth2 openid saml jwt sso microservice microservices monolith frontend fullstack
  machine-learning ai ml llm gpt nlp sql nosql orm api apis sdlc tdd ddd solid mvc gdpr wcag owasp excel sheets spark hadoop
  tensorflow pytorch pandas numpy jupyter bash shell vim vscode intellij xcode android ios flutter stripe paypal twilio sendgrid
  typescript node nodejs node.js fastify sqlite zod rest json openapi swagger postgresql mysql mongodb redis graphql grpc
`)

/** Qualities, activities and parts of a text: what a posting, a brief or a course page talks about. */
export const ABSTRACT = set(`
  regard greeting cheer sincerely dear
  ability accessibility accuracy advantage advice ambiguity analysis answerability applicant approach architecture aspect assessment
  assumption attention availability awareness background backup basis behavior behaviour benefit bonus bulk caching care career chance
  clarity collaboration communication complexity compliance concept concern conclusion concurrency condition confidence consideration
  consistency constraint context cooperation correctness coverage creativity criterion curiosity deadline deliverable deployment
  design desire detail development diploma discipline documentation effort encryption english environment error evaluation excellence
  expectation experience expertise explanation flexibility focus framework freedom functionality future german goal grading growth
  guideline hackathon hashing help honesty idempotency impact implementation importance improvement infrastructure initiative
  innovation insight integration interest interface introduction issue-tracking kick-off knowledge latency learning literature load
  logging maintainability maintenance mentoring methodology mindset mission motivation need objective observability operation
  opportunity originality outcome overview ownership passion password performance perk perspective philosophy pitch plagiarism
  possibility practice precision prerequisite principle privacy problem procedure programming proficiency progress purpose quality
  readability realtime reason reasoning refactoring reliability remark remuneration requirement resilience responsibility risk
  robustness scalability scenario scope security seniority simplicity situation solution specification speed stability
  standard strength structure struggle style success suitability syntax teamwork technology testing thing thinking throughput
  timeline tooling transparency trust understanding usability use usefulness validation vision weakness willingness workflow
`)

/** Words that begin no name of a row: verbs, prepositions, adverbs. */
export const NO_FIRST_WORD = set(`
  see sees take takes took stay stays keep keeps give gives go goes become becomes bring brings ensure ensures know knows think
  choose chooses exceed exceeds apply applies understand understands explain explains describe describes learn learns serve serves
  work works want wants need needs come comes look looks find finds fix fixes run runs start starts stop stops try tries push pull
  submit submits hand hands let lets put puts say says ask asks tell tells remember imagine discover enjoy join joins prefer should
  under over within beyond across against towards toward among amongst through throughout upon according despite besides like
  except behind beneath beside near until unless whether once even still already soon later today tomorrow yesterday
  well again together apart away back first second third fourth finally next last best worst highest lowest largest smallest longest shortest latest newest oldest cheapest fastest top same whole further furthermore moreover therefore thus
  instead otherwise perhaps maybe hardly nearly almost quite rather much many most several both
`)

/** Nouns in -ing that name rows; other words in -ing are activities. */
export const NOUNS_IN_ING = set(`
  booking bookings building listing meeting reading painting drawing recording ranking rating setting offering filing posting
  opening saving wedding hearing screening viewing sibling thing string ring king wing spring training landing parking earring
  lodging dwelling crossing holding finding meaning saying being blessing bearing briefing casting closing coating covering
  dressing engraving fitting greeting handling heading housing lining mailing marking matching mapping measuring mooring
  opening outing packing pairing piercing planting pricing proceeding rendering savings shipping shooting sighting sitting
  standing stocking tasting timing touring tracing trading tuning voting warning washing binding
`)

/** What is counted and not kept, and forms of verbs that look like plurals. */
export const UNITS = set(`
  hours days weeks months years minutes seconds times ways kilos grams litres meters metres kilometers kilometres miles euros dollars
  pounds percent things lots hundreds thousands words whats makes performs predicts skips counts
`)
