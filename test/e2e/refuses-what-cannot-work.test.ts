import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { readFile, rename, truncate, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { processRuntime } from '../../src/drivers/runtimes/process/runtime.ts'
import { processWorkshop } from '../../src/drivers/runtimes/process/workshop.ts'
import { systemClock as clock } from '../../src/lib/system-clock.ts'
import { aReleaseIn } from '../support/a-release.ts'
import {
  everybodyGets,
  itAnswers,
  itIsPromoted,
  itRefuses,
  itRuns,
  nobodyNoticed,
} from '../support/claims.ts'
import { expectThat, givenForAll, goesUp, prepared, when } from '../support/given.ts'
import {
  beginsToDeploy,
  controllerPid,
  deploys,
  endsItsRollout,
  losesTheController,
  losesTheProxy,
  reaches,
  says,
  theControllerLeaves,
  underLoad,
} from '../support/happenings.ts'
import { missing, readOnlyDisk, smallDisk } from '../support/small-disk.ts'
import { until } from '../support/until.ts'

describe('what cannot work is refused, and the service goes on', () => {
  const shop = givenForAll({ version: 'v1' })

  it.each([
    {
      what: 'an unknown key',
      file: { instanses: 2 },
      because: {
        code: 'config-invalid',
        message: /^midflight\.yaml:\d+:1: unknown key "instanses"$/,
        hint: /^Did you mean "instances"\?/,
      },
    },
    {
      what: 'a wrong type',
      file: { instances: 'many' },
      because: {
        code: 'config-invalid',
        message:
          /^midflight\.yaml:\d+:12: instances must be a whole number from 1 to 100, is "many"$/,
        hint: /instances: 2/,
      },
    },
    {
      what: 'a service without a command',
      file: { run: undefined },
      because: {
        code: 'config-invalid',
        message: /^midflight\.yaml:1:1: run is missing$/,
        hint: /run: node server\.js/,
      },
    },
    {
      what: 'a directory that does not exist',
      file: { directory: './dist' },
      because: {
        code: 'directory-missing',
        message: /^midflight\.yaml:\d+:12: directory "\.\/dist" does not exist$/,
        hint: /relative to the file/,
      },
    },
  ])('$what', async ({ file, because }) => {
    await shop().write({ version: 'v2', file })
    await expectThat(shop(), itRefuses(['deploy'], because), asBefore)
  })

  it('a folder that does not exist', async () => {
    const because = {
      code: 'directory-missing',
      message: /^there is no directory \/nowhere\/shop$/,
      hint: /the folder that holds midflight\.yaml/,
    }
    await expectThat(shop(), itRefuses(['deploy', '/nowhere/shop'], because), asBefore)
  })

  it('a release that exists already', async () => {
    await shop().write({ version: 'v2' })
    const because = {
      code: 'release-exists',
      message: /^release v1 exists already, and a release never changes$/,
      hint: /midflight rollback v1/,
    }
    await expectThat(shop(), itRefuses(['deploy', '--release', 'v1'], because), asBefore)
  })

  it('a port that somebody else listens on, named with its pid', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    onTestFinished(() => {
      other.close()
    })
    await once(other, 'listening')
    const { port } = other.address() as { port: number }
    await shop().write({ version: 'v2', file: { listen: `127.0.0.1:${port}` } })
    const by = `process ${process.pid}`
    const because = {
      code: 'port-in-use',
      message: new RegExp(`^port ${port} is taken by ${by} \\(.*\\); demo is to listen on 127`),
      hint: new RegExp(`^End ${by}, or give another port: listen: ${port + 1}$`),
    }
    await expectThat(shop(), itRefuses(['deploy'], because), asBefore)
  })

  it('a second controller on the same state, naming the first', async () => {
    const pid = await controllerPid(shop())
    const because = {
      code: 'state-in-use',
      message: new RegExp(`^another controller \\(pid ${pid}\\) already works on `),
      hint: /midflight status.*midflight down.*--state DIR/,
    }
    await expectThat(shop(), itRefuses(['up', '--detach', '--no-deploy'], because))
    await expectThat(shop(), itRefuses(['up', '--no-deploy'], because), asBefore)
  })

  it('a state directory that is a file', async () => {
    const path = join(shop().folder, 'version.txt')
    const because = {
      code: 'state-unreadable',
      message: new RegExp(`^the state directory ${path} cannot be used: `),
      hint: /right to read and write it.*--state DIR/,
    }
    for (const words of [['up', '--detach', '--no-deploy'], ['status'], ['down']])
      await expectThat(shop(), itRefuses([...words, '--state', path], because))
    await expectThat(shop(), asBefore)
  })

  it('the removal of a release that is in use', async () => {
    const { stateDirectory } = shop().workspace
    const runtime = processRuntime({ stateDirectory, clock })
    const workshop = processWorkshop({ stateDirectory, clock, runtime })
    const release = aReleaseIn(shop().folder, { service: 'demo', run: 'node server.js' })
    await expect(workshop.remove(release)).rejects.toMatchObject({
      code: 'release-in-use',
      message: 'release v1 is in use by demo.v1.0, demo.v1.1',
    })
    await expectThat(shop(), asBefore)
  })

  it('a second deploy at the same time, unless it may wait or take its place', async () => {
    const rollout = '{ strategy: canary, steps: [20%], hold: until-promoted, bake: 0s }'
    await when(shop(), beginsToDeploy({ version: 'v3', rollout }), reaches('gate'))
    const v3 = shop().rollout
    const because = {
      code: 'rollout-running',
      message: /^rollout \d+ \(v3\) of demo is still running; a service has one rollout at a time$/,
      hint: /midflight abort.*--if-busy queue.*--if-busy supersede/,
    }
    await expectThat(shop(), itRefuses(['deploy'], because))

    await when(shop(), beginsToDeploy({ version: 'v4', rollout }, '--if-busy', 'queue'))
    const v4 = shop().rollout
    await when(shop(), says('promote'))
    expect((await v3.ending()).state.outcome).toBe('promoted')
    await when(shop(), reaches('gate'))

    await when(shop(), beginsToDeploy({ version: 'v5' }, '--if-busy', 'supersede'), endsItsRollout)
    expect((await v4.ending()).state).toMatchObject({
      outcome: 'undone',
      because: {
        code: 'rollout-aborted',
        message: expect.stringContaining('supersedes') as string,
      },
    })
    await expectThat(shop(), itIsPromoted, everybodyGets('v5'), itRuns('v5.0', 'v5.1'))
  })

  const asBefore = async () => expectThat(shop(), everybodyGets('v1'), itRuns('v1.0', 'v1.1'))
})

describe('a state that is damaged is refused, never replaced, and the service goes on', () => {
  const shop = givenForAll({ version: 'v1' })

  it('a database that is corrupt, cut short or empty', async () => {
    await when(shop(), theControllerLeaves)
    const path = join(shop().workspace.stateDirectory, 'state.db')
    const whole = await readFile(path)
    const because = {
      code: 'state-corrupt',
      message: new RegExp(`^${path} is (damaged|not a database)`),
      hint: /the service runs on.*backup|backup.*the service runs on/,
    }
    const damages = [
      async () => writeFile(path, Buffer.alloc(whole.length, 'damaged ')),
      async () => truncate(path, 9_000),
      async () => truncate(path, 0),
    ]
    for (const damage of damages) {
      await writeFile(path, whole)
      await damage()
      const damaged = await readFile(path)
      await expectThat(shop(), itRefuses(['up', '--detach'], because), itAnswers('v1'))
      expect(await readFile(path)).toEqual(damaged)
    }
    await writeFile(path, whole)
    await when(shop(), goesUp)
    await expectThat(shop(), everybodyGets('v1'), itRuns('v1.0', 'v1.1'))
  })

  it('a snapshot of the proxy; when it is moved away, the routes are made anew', async () => {
    await when(shop(), losesTheController, losesTheProxy)
    const directory = join(shop().workspace.stateDirectory, 'proxy')
    const path = join(directory, 'snapshot.json')
    const moveAway = `cd ${directory} && mkdir broken && mv snapshot.* broken`
    await truncate(path, 100)
    const because = {
      code: 'snapshot-corrupt',
      message: new RegExp(`^the proxy's snapshot ${path} cannot be used: it is not whole JSON`),
      hint: new RegExp(`\`${moveAway.replaceAll('*', '\\*')}\`.*start again`),
    }
    await expectThat(shop(), itRefuses(['up', '--detach'], because))
    execFileSync('sh', ['-c', moveAway])
    await when(shop(), goesUp)
    await until(
      () => shop().status(),
      ({ weights, instances }) =>
        weights['v1'] === 10_000 && instances.every(({ health }) => health === 'up'),
    )
    await expectThat(shop(), everybodyGets('v1'), itRuns('v1.0', 'v1.1'))
  })

  it('and one that was lost: what it knew still runs, and `midflight down` ends it', async () => {
    await when(shop(), theControllerLeaves)
    const path = join(shop().workspace.stateDirectory, 'state.db')
    await rename(path, `${path}.away`)
    await expectThat(shop(), itAnswers('v1'))
    await when(shop(), says('down'), goesUp)
    await expectThat(shop(), everybodyGets('v1'), itRuns('v1.0', 'v1.1'))
  })
})

const reason = missing()

describe.skipIf(reason)(`a full disk${reason ? ` (${reason})` : ''}`, () => {
  it('stops no traffic, refuses a deploy, and is forgotten when there is room again', async () => {
    const shop = await prepared({ version: 'v1' })
    const disk = smallDisk(shop.workspace.stateDirectory)
    shop.atTheEnd(() => disk.remove())
    await when(shop, goesUp, underLoad)
    await shop.write({ version: 'v2' })
    disk.fill()
    const because = {
      code: 'disk-full',
      message: /^no room for release v2 in .*\/releases\/demo\/v2 \(ENOSPC\)$/,
      hint: /free some space.*deploy again.*nothing else was changed/,
    }
    await expectThat(shop, itRefuses(['deploy'], because))
    await expectThat(shop, everybodyGets('v1'), itRuns('v1.0', 'v1.1'))
    await disk.makeRoom()
    await when(shop, deploys({ version: 'v2' }))
    await expectThat(shop, itIsPromoted, everybodyGets('v2'), itRuns('v2.0', 'v2.1'))
    await expectThat(shop, nobodyNoticed)
  })
})

describe.skipIf(reason)(
  `a disk that is read-only all at once${reason ? ` (${reason})` : ''}`,
  () => {
    it('stops no traffic, refuses a deploy, and is forgotten when it may be written again', async () => {
      const shop = await prepared({ version: 'v1' })
      await when(shop, goesUp, underLoad)
      await shop.write({ version: 'v2' })
      const disk = readOnlyDisk(shop.workspace.stateDirectory)
      const because = { code: 'disk-read-only', message: /release v2/, hint: /make it writable/ }
      try {
        await expectThat(shop, itRefuses(['deploy'], because))
        await expectThat(shop, everybodyGets('v1'), itRuns('v1.0', 'v1.1'))
      } finally {
        disk.remove()
      }
      await when(shop, deploys({ version: 'v2' }))
      await expectThat(
        shop,
        itIsPromoted,
        everybodyGets('v2'),
        itRuns('v2.0', 'v2.1'),
        nobodyNoticed,
      )
    })
  },
)
