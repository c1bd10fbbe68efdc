/* Started by `draw-picture.ts` for one picture. */
import { parentPort, workerData } from 'node:worker_threads'
import { renderPng } from './render-png.ts'

const { svg } = workerData as { readonly svg: string }
// eslint-disable-next-line unicorn/require-post-message-target-origin -- not a window's postMessage
parentPort?.postMessage(await renderPng(svg))
