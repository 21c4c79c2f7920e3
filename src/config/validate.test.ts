import { describe, expect, it } from 'vitest'
import { head, problemIn } from '../../test/support/load-text.ts'
import type { Fault } from './fault.ts'

describe('a fault', () => {
  it.each([
    [
      'ready: { pathh: / }',
      '3:10: unknown key "pathh" in ready',
      'Did you mean "path"? Known here: check, path,',
    ],
    ['colour: blue', '3:1: unknown key "colour"', 'Known here: service, run,'],
    ['port: 80', '3:1: unknown key "port"', 'Did you mean "listen"?'],
    ['__proto__: 1', '3:1: unknown key "__proto__"', 'Known here'],
    [
      'instances: three',
      '3:12: instances must be a whole number from 1 to 100, is "three"',
      'instances: 2',
    ],
    ['instances: 0', '3:12: instances must be a whole number from 1 to 100, is 0', 'instances: 2'],
    ['instances: 1.5', '3:12: instances must be a whole number', 'instances: 2'],
    [
      'instances: [1]',
      '3:12: instances must be a whole number from 1 to 100, is a list',
      'instances: 2',
    ],
    ['instances:', '3:1: instances must be a whole number from 1 to 100, is empty', 'instances: 2'],
    ['listen: 70000', '3:9: listen must be a port from 1 to 65535', 'listen: 8080'],
    ['listen: nowhere', '3:9: listen must be a port from 1 to 65535, or host:port', 'listen: 8080'],
    ['ready: readyz', '3:8: ready must be a path such as /readyz', 'ready: /readyz'],
    ['ready: 5', '3:8: ready must be a path such as /readyz, or a mapping', 'ready: /readyz'],
    [
      'ready: { interval: 1 }',
      '3:20: ready.interval must be a duration such as 30s',
      'interval: 1s',
    ],
    ['ready: { interval: 1ms }', 'from 10ms to 24d, is "1ms"', 'interval: 1s'],
    ['stop: { drain: 600h }', 'must be a duration such as 30s, from 0s to 24d', 'drain: 30s'],
    [
      'stop: { signal: SIGTREM }',
      '3:17: stop.signal must be one of SIGTERM,',
      'Did you mean "SIGTERM"?',
    ],
    [
      'stop: [drain]',
      '3:7: stop must be a mapping such as { drain: 30s }, is a list',
      'For example',
    ],
    ['limits: { body: 5 }', '3:17: limits.body must be a size such as 64MiB', 'body: 1GiB'],
    ['env: { PORT: 80 }', '3:8: env.PORT may not be set: each instance gets its own', 'LOG: info'],
    ['env: { A-B: 80 }', '3:8: env.A-B must be a name of letters', 'LOG: info'],
    ['env: { A: [1] }', '3:11: env.A must be text, is a list', 'For example'],
    ['env: { A: }', '3:8: env.A must be text, is empty', 'For example'],
    ['directory: ""', '3:12: directory must be a directory such as ./dist, is ""', 'directory: .'],
    [
      'rollout: { strategy: cannary }',
      '3:22: rollout.strategy must be rolling, blue-green or canary, is "cannary"',
      'Did you mean "canary"?',
    ],
    [
      'rollout: canary',
      '3:10: rollout must be a mapping such as { strategy: canary }, is "canary"',
      'rollout: { strategy: canary }',
    ],
    [
      'stop:',
      '3:1: stop must be a mapping such as { drain: 30s }, is empty',
      'stop: { drain: 30s }',
    ],
    [
      'stop: { drain: 30 }',
      '3:16: stop.drain must be a duration',
      'Write the unit, for example: drain: 30s',
    ],
    [
      'rollout: { steps: [5%] }',
      '3:12: unknown key "steps" in rollout',
      '"steps" belongs to strategy: canary.',
    ],
    ['rollout: { errors: 5 }', '3:20: rollout.errors must be a share such as 5%', 'errors: 5%'],
    [
      'rollout: { batch: 25%, surge: 50% }\ninstances: 8',
      '3:31: rollout.surge must not be larger than batch, is "50%"',
      'surge: 1',
    ],
    [
      'rollout: { batch: some }',
      '3:19: rollout.batch must be a whole number from 1 to 100, or a share of the instances such as 25%, is "some"',
      'batch: 1',
    ],
    [
      'rollout: { preview: 8080 }',
      '3:21: rollout.preview must be another port than the service’s own',
      'preview: 127.0.0.1:9090',
    ],
    [
      'rollout: { preview: 99999 }',
      '3:21: rollout.preview must be a port from 1 to 65535',
      'preview: 127.0.0.1:9090',
    ],
    [
      'rollout: { surge: 2 }',
      '3:19: rollout.surge must not be larger than batch, is 2',
      'surge: 1',
    ],
    [
      'rollout: { strategy: canary, steps: [5%, 5%] }',
      '3:42: rollout.steps[1] must be larger than the step before it, is "5%"',
      'steps: [ 5%',
    ],
    [
      'rollout: { strategy: canary, steps: [0%] }',
      '3:38: rollout.steps[0] must be a share such as 5% or 0.25%, from 0.01% to 100%',
      'steps',
    ],
    [
      'rollout: { strategy: canary, steps: [0.001%] }',
      '3:38: rollout.steps[0] must be a share',
      'steps',
    ],
    [
      'rollout: { strategy: canary, steps: [] }',
      'rollout.steps must be a list of at least one share',
      'steps',
    ],
    [
      'rollout: { strategy: canary, steps: [100%] }',
      'rollout.steps must hold a share below 100%',
      'steps',
    ],
    [
      'rollout: { strategy: canary, steps: [5%, { share: 100%, hold: 1m }] }',
      'rollout.steps[1].hold cannot be given for 100%',
      'hold: 1m',
    ],
    [
      'rollout: { strategy: canary, steps: [{ hold: 1m }] }',
      'rollout.steps[0].share is missing',
      'share',
    ],
    [
      'rollout: { strategy: canary, hold: ever }',
      '3:36: rollout.hold must be a duration such as 1m, or until-promoted',
      'hold: 30s',
    ],
  ])('in %j is told where it is and what is right', async (line, message, hint) => {
    const thrown = await problemIn(`${head}${line}`)
    expect(thrown.code).toBe('config-invalid')
    expect(thrown.message).toMatch(/^midflight\.yaml:3:\d+: /)
    expect(thrown.message).toContain(message)
    expect(thrown.hint).toContain(hint)
  })

  it('is told together with all others, in the order of the file', async () => {
    const thrown = await problemIn('service: 5shop\nreadyy: /\ninstances: none\n')
    expect(thrown.message.split('\n')).toEqual([
      'midflight.yaml:1:1: run is missing',
      expect.stringMatching(
        /^midflight.yaml:1:10: service must begin with a letter .*, is "5shop"$/,
      ),
      'midflight.yaml:2:1: unknown key "readyy"',
      'midflight.yaml:3:12: instances must be a whole number from 1 to 100, is "none"',
    ])
    const faults = thrown.data['faults'] as Fault[]
    expect(faults.map(({ line, column, key }) => [line, column, key])).toEqual([
      [1, 1, 'run'],
      [1, 10, 'service'],
      [2, 1, 'readyy'],
      [3, 12, 'instances'],
    ])
    expect(faults[0]?.hint).toBe('For example: run: node server.js')
  })

  it.each(['migrations', 'database', 'image', 'flags'])('says that %s comes later', async (key) => {
    const thrown = await problemIn(`${head}${key}: {}`)
    expect(thrown.code).toBe('config-not-yet')
    expect(thrown.message).toBe(
      `midflight.yaml:3:1: this version of Midflight does not know ${key} yet`,
    )
  })
})
