import { Hono } from 'hono'
import type { RolloutEvent } from '../core/event.ts'
import type { DescribedRequest, Explanation } from '../core/explanation.ts'
import { Problem } from '../core/problem.ts'
import type { AccessRecord } from '../core/access.ts'
import type { Controller } from '../engine/controller.ts'
import { bodyOf, lines, refusal } from './answer.ts'
import {
  type AccessFilter,
  askerBody,
  deployBody,
  describedBody,
  type Greeting,
  holdBody,
  type LogFilter,
  type LogLine,
  planBody,
  promoteBody,
  reasonBody,
  rollbackBody,
} from './contract.ts'
import { groupRoutes } from './group-routes.ts'
import { watching } from './watching.ts'

/** What the API needs from the process it lives in. */
export interface Host {
  readonly controller: Controller
  readonly version: string
  readonly logs: (service: string, filter: LogFilter, signal: AbortSignal) => AsyncIterable<LogLine>
  readonly explain: (service: string, request: DescribedRequest) => Promise<Explanation | undefined>
  readonly accessLog: (
    service: string,
    filter: AccessFilter,
    signal: AbortSignal,
  ) => AsyncIterable<AccessRecord>
  /** Ends the services, the proxy and this controller. Resolves when only the answer is left to be sent. */
  readonly down: () => Promise<void>
  readonly log: (error: unknown) => void
}

/** Every verb of the API, by path. */
export function routes(host: Host): Hono {
  const { controller } = host
  const app = new Hono()
  app.get('/v1', async (c) => c.json(await greeting(host)))
  app.route('/v1/services/:service', serviceRoutes(host))
  app.route('/v1/services/:service', askRoutes(host))
  app.get('/v1/rollouts/:rollout/events', (c) =>
    lines(c, (signal) => watching(watchOf(controller, Number(c.req.param('rollout'))), signal)),
  )
  app.get('/v1/rollouts/:rollout/why', async (c) =>
    c.json(await controller.why(Number(c.req.param('rollout')))),
  )
  app.get('/v1/rollouts/:rollout/replay', async (c) =>
    c.json(await controller.replay(Number(c.req.param('rollout')))),
  )
  app.route('/v1/groups', groupRoutes(controller))
  app.post('/v1/down', async (c) => {
    await host.down()
    return c.json({ ok: true })
  })
  app.notFound((c) => refusal(c, noSuchVerb(c.req.method, c.req.path), host.log))
  app.onError((error, c) => refusal(c, error, host.log))
  return app
}

/** The verbs about one service, below its name. */
function serviceRoutes(host: Host): Hono {
  const { controller } = host
  return new Hono()
    .get('/status', async (c) => c.json(await controller.status(named(c.req.param('service')))))
    .get('/history', async (c) => {
      const limit = countIn(c.req.query('limit'))
      return c.json(await controller.history(named(c.req.param('service')), limit))
    })
    .get('/traffic', async (c) =>
      c.json((await controller.traffic(named(c.req.param('service')))) ?? null),
    )
    .post('/explain', async (c) => {
      const service = named(c.req.param('service'))
      return c.json((await host.explain(service, await bodyOf(c, describedBody))) ?? null)
    })
    .get('/logs', (c) =>
      lines(c, (signal) =>
        host.logs(named(c.req.param('service')), filterIn(c.req.query()), signal),
      ),
    )
    .get('/access', (c) =>
      lines(c, (signal) =>
        host.accessLog(named(c.req.param('service')), filterIn(c.req.query()), signal),
      ),
    )
    .post('/check', async (c) => c.json(await controller.check(await bodyOf(c, planBody))))
    .post('/plan', async (c) => c.json(await controller.plan(await bodyOf(c, planBody))))
    .post('/deploy', async (c) => {
      const { ifBusy, ...request } = await bodyOf(c, deployBody)
      return c.json(await controller.deploy(request, ifBusy))
    })
    .post('/rollback', async (c) => {
      const { ifBusy, release: to, by } = await bodyOf(c, rollbackBody)
      const how = { ...(to !== undefined && { to }), ...(by !== undefined && { by }) }
      return c.json(await controller.rollback(named(c.req.param('service')), ifBusy, how))
    })
    .post('/hold', async (c) => {
      const { requests } = await bodyOf(c, holdBody)
      await controller.hold(named(c.req.param('service')), requests)
      return c.json({ ok: true })
    })
    .post('/release', async (c) => {
      await controller.release(named(c.req.param('service')))
      return c.json({ ok: true })
    })
}

/** What a person asks of the rollout that runs. */
function askRoutes({ controller }: Host): Hono {
  return new Hono()
    .post('/promote', async (c) => {
      const { by, holds } = await bodyOf(c, promoteBody)
      controller.promote(named(c.req.param('service')), by, holds)
      return c.json({ ok: true })
    })
    .post('/pause', async (c) => {
      const { reason, by } = await bodyOf(c, reasonBody)
      controller.pause(named(c.req.param('service')), reason, by)
      return c.json({ ok: true })
    })
    .post('/resume', async (c) => {
      controller.resume(named(c.req.param('service')), (await bodyOf(c, askerBody)).by)
      return c.json({ ok: true })
    })
    .post('/abort', async (c) => {
      const { reason, by } = await bodyOf(c, reasonBody)
      controller.abort(named(c.req.param('service')), reason, by)
      return c.json({ ok: true })
    })
}

function watchOf(controller: Controller, rollout: number) {
  return async (listener: (event: RolloutEvent) => void): Promise<() => void> =>
    controller.watch(rollout, listener)
}

async function greeting({ controller, version }: Host): Promise<Greeting> {
  return { midflight: version, pid: process.pid, services: await controller.services() }
}

/** The mounted path always has it; Hono's types lose that. */
function named(service: string | undefined): string {
  if (service === undefined) throw new TypeError('a service route without its service')
  return service
}

function filterIn(query: Readonly<Record<string, string>>): LogFilter {
  const { release, instance, lines: count, follow } = query
  return {
    ...(release !== undefined && { release }),
    ...(instance !== undefined && { instance: Number(instance) }),
    lines: Number(count ?? 100),
    follow: follow === 'true',
  }
}

/** A count in the query; what is no count is refused, so that nobody waits for what never comes. */
function countIn(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const count = Number(text)
  if (Number.isInteger(count) && count > 0 && count <= 10_000) return count
  throw new Problem('request-invalid', {
    message: `limit is "${text}": it must be a whole number from 1 to 10000`,
    hint: 'For example ?limit=50, which is what is meant when it is left out.',
  })
}

function noSuchVerb(method: string, path: string): Problem {
  return new Problem('request-invalid', {
    message: `the API has no ${method} ${path}`,
    hint: 'docs/reference/api.md lists what it has.',
  })
}
