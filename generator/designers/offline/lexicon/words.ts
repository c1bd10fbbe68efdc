/** Closed classes of English words, shared by all readers. */
const set = (words: string): ReadonlySet<string> => new Set(words.split(/\s+/))

export const DETERMINERS = set(
  'a an the this these those each every any some all my our your its their his her own one new different various multiple many several numerous following also just only other another basic simple optional zero or more such few certain single existing given individual exactly two three four five six seven eight nine ten dozen dozens hundreds thousands',
)
export const MANY = set(
  'many multiple several numerous various more different list lists collection two three four five six seven eight nine ten dozen dozens hundreds thousands',
)
export const SINGULAR_DETERMINERS = set('a an one single exactly')

/** Words without meaning of their own; phrases of only these are never reported as unread. */
export const EMPTY_WORDS = set(
  `a an the this that these those it its i we you they me us my our your their he she his her and or of for to in on at by as
  is are be been being was were do does did will would should shall can could may might must need needs want wants like please
  thanks thank hi hello hey with from also then so just only all any some each every etc e.g. i.e. there here very really some
  simple basic small nice good great quick fully complete full working production ready modern clean new create make build
  generate write develop design implement setup set up give using use via which who where when while have has had having
  following app apps application api apis rest restful backend back-end server service system website platform project
  program software tool web http json data database store stored storing record records let lets able allow allows support
  supports provide provides handle handles manage manages managing management manager feature features functionality
  functionalities entities entity models model resources resource tables table fields field attributes properties property
  endpoint endpoints route routes requirements relationship relationships relations relation details other stuff things
  something thing basically pls plz thx asap about into one them too both between called named ok okay well kind sort proper properly
  standard typical usual normal usually maybe perhaps code operation operations type types section crud`,
)

export const APP_VERBS = set(
  'create build make generate write develop design implement code scaffold produce craft give need want prepare provide creating building making generating writing bootstrap creat buid genrate',
)
export const APP_NOUNS = set(
  'api apis backend back-end server service microservice app apps application applications system platform website site webapp web-app tool software project program portal endpoint endpoints mvp saas prototype',
)
/** Last words that turn a topic into a program. */
export const PROGRAMS = set(
  'tracker manager directory catalog catalogue database planner organizer organiser scheduler board management',
)
/** Words about the kind of program, not about its data. */
export const APP_FRAME = set(
  `a an the i we you me us my our your please can could would like need want wants to will should shall let's lets for of
  that which simple basic small little tiny minimal full complete modern clean production-ready production nice good new
  quick rest restful rest-like http json web crud online mobile internal typescript node nodejs node.js fastify read-only readonly js
  fully functional working robust scalable secure personal team company own custom mini style type kind sort some help just
  hi hello hey thanks we're i'm i'd we'd got in using via on based data database databases mange manage manages managing management manager
  handle handles handling track tracks tracking tracker store stores storing keep keeps keeping save saving organize
  organizing organise record records recording list lists listing share sharing post posting catalog catalogue listings
  information info around about where be able one start starter sample example demo test able build create creating make
  lightweight open source crud-style called pls plz thx thanks asap quickly something thing like clone`,
)

export const HAS_VERBS = set(
  'has have had got contains contain includes include holds hold comprises comprise stores store needs need requires require gets get carries carry tracks track features consists consist',
)
export const BE_VERBS = set('is are be should must can cannot may will defaults default')
export const MODALS = set('should must can may might will would could shall cannot')

/** Words that never name a field or entity. */
export const NOT_NAMES = set(
  `a an the and or of for to in on at by as is are be was with from that this it its i we you they he she them their there here
  not no never always each every please ignore must shall should can could would will may might do does did has have had if when then
  than so because since via per into onto about after before during until while within without between how what why who whom
  whose which where nobody noone no-one etc very too also whether something someone somebody anything anyone everything everyone nothing another mine yours theirs already exactly two three four five six seven eight nine ten more most less least only my our your his her use using make create build get me us
  hello hi hey thanks these those any some all both either neither nor but can't cannot don't doesn't isn't aren't won't let
  allow allows able sends send sent print show display integrate integrates export import deploy support automatically upload download process calculate compute validate convert resize scrape notify call check run parse receive trigger stay stays remain remains exceed exceeds become becomes`,
)

/** Function words of other languages: sentences with these are not English. */
export const FOREIGN = set(
  'der das und für mit eine einen ein ist nicht pour les des avec une est dans el los las para una por que il della gli di um uma com não не для что это как и на с по при или создай сделай напиши het een voor met och att för med en ett',
)

/** Verbs between actors and entities: `customers place orders`. */
export const ACTS =
  'create creates add adds write writes post posts publish publishes place places submit submits make makes own owns upload uploads send sends leave leaves share shares manage manages edit edits update updates delete deletes view views read reads list lists see browse borrow borrows book books order orders rent rents reserve reserves review reviews rate rates record records log logs save saves track tracks store stores organize take takes teach teaches host hosts sell sells buy buys comment comments bid bids vote votes apply applies request requests file files register registers report reports enter enters raise raises give gives assign assigns award awards issue issues'.split(
    ' ',
  )
