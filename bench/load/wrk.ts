import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Stage } from '../stage.ts'

export interface WrkPlan {
  readonly url: string
  readonly seconds: number
  readonly connections: number
  readonly post?: string
  readonly connection: 'kept' | 'fresh'
}

export interface WrkOutcome {
  readonly done: number
  readonly failed: number
  readonly seconds: number
}

const DONE = `
done = function(summary)
  local e = summary.errors
  io.write(string.format('\\nRESULT {"done":%d,"micros":%d,"failed":%d}\\n',
    summary.requests, summary.duration, e.connect + e.read + e.write + e.status + e.timeout))
end
`

/** As many requests as the other side can take, over so many connections, from one thread. */
export async function wrk(stage: Stage, plan: WrkPlan): Promise<WrkOutcome> {
  const script = join(stage.folder, 'wrk.lua')
  await writeFile(script, `${headOf(plan)}${DONE}`)
  const words = `-t1 -c${plan.connections} -d${plan.seconds}s --timeout 10s -s ${script} ${plan.url}`
  const output = await stage.run('wrk', words.split(' '))
  const result = /^RESULT (.*)$/m.exec(output)?.[1]
  if (result === undefined) throw new Error(`wrk told no result: ${output.slice(0, 300)}`)
  const { done, failed, micros } = JSON.parse(result) as Record<
    'done' | 'failed' | 'micros',
    number
  >
  return { done, failed, seconds: micros / 1_000_000 }
}

function headOf({ post, connection }: WrkPlan): string {
  const method = post === undefined ? '' : `wrk.method = "POST"\nwrk.body = "${post}"\n`
  return `${method}${connection === 'fresh' ? 'wrk.headers["Connection"] = "close"\n' : ''}`
}
