import { chatContract } from './testing/chat-contract.ts'
import { openScriptedChat } from './testing/scripted-chat.ts'

chatContract('the story', openScriptedChat)
