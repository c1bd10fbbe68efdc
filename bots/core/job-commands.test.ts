import { chatContract } from '../testing/chat-contract.ts'
import { refineContract } from '../testing/refine-contract.ts'
import { openScriptedChat } from '../testing/scripted-chat.ts'

chatContract('the job commands', openScriptedChat)
refineContract('the job commands', openScriptedChat)
