import { parentPort, workerData } from 'node:worker_threads'
import { readPictures, statFiles } from './thread-reads.ts'
import type { ThreadAnswer, ThreadRequest } from './bulk-reader.ts'

// The thread of a bulk reader. It reads the files of many pictures, one after the other.

const { root } = workerData as { root: string }

parentPort!.on('message', (request: ThreadRequest) => {
  const answer: ThreadAnswer = {}
  try {
    if (request.kind === 'stats') answer.stats = statFiles(root, request.folder, request.names)
    else answer.pictures = readPictures(root, request.pictures)
  } catch {
    // An answer without a result leaves all files to others.
  }
  parentPort!.postMessage(answer)
})
