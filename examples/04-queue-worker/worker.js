import { appendFile, mkdir, readdir, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

const JOB_MS = 40
const queue = process.env.QUEUE
const version = (await readFile(new URL('version.txt', import.meta.url), 'utf8')).trim()
const over = new AbortController()

// The job that runs is finished; `stop.kill` in midflight.yaml says how long that may take.
process.once('SIGTERM', () => over.abort())

await mkdir(join(queue, 'todo'), { recursive: true })
await mkdir(join(queue, 'doing'), { recursive: true })
if (version === 'broken') setTimeout(() => process.exit(1), 3_000)
while (!over.signal.aborted) {
  const [job] = await readdir(join(queue, 'todo'))
  if (job === undefined || !(await claimed(job))) await sleep(10)
  else await work(job)
}

/** A file can be renamed once, so each job is one worker's. */
async function claimed(job) {
  try {
    await rename(join(queue, 'todo', job), join(queue, 'doing', job))
    return true
  } catch (error) {
    if (error.code === 'ENOENT') return false
    throw error
  }
}

async function work(job) {
  await sleep(JOB_MS)
  await appendFile(join(queue, 'done.log'), `${job} ${version}\n`)
  await rm(join(queue, 'doing', job))
}
