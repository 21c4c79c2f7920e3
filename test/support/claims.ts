import { expect } from 'vitest'
import type { Outcome } from '../../src/core/rollout.ts'
import { ownPids } from '../../src/cli/own-pids.ts'
import { leftovers } from '../../src/prove/demo/leftovers.ts'
import type { Sentence } from './given.ts'
import { controllerPid } from './happenings.ts'
import { instanceRecords } from './instance-records.ts'
import { NOTHING } from './shop.ts'

const KINDS = ['get', 'get-fresh', 'post', 'post-fresh', 'upload', 'download', 'websocket']

const NOTHING_SEVERED = { requests: 0, websockets: 0 }

/** All of the traffic is on this release, by the route and by what users get. */
export function everybodyGets(version: string): Sentence {
  return async (shop) => {
    const { weights, live } = await shop.status()
    expect({ weights, live }).toEqual({ weights: { [version]: 10_000 }, live: version })
    await itAnswers(version)(shop)
  }
}

export function itAnswers(version: string): Sentence {
  return async (shop) => {
    const ask = async () => {
      const answer = await fetch(`${shop.url}/`, { headers: { connection: 'close' } })
      return answer.json()
    }
    const answers = await Promise.all(Array.from({ length: 20 }, ask))
    expect(answers).toEqual(answers.map(() => ({ version })))
  }
}

/** These instances run and serve, and no others: no process, and no port, is left of any other. */
export function itRuns(...instances: readonly string[]): Sentence {
  return async (shop) => {
    const { stateDirectory, folder } = shop.workspace
    const status = await shop.status()
    const told = status.instances.map(({ id, state, route, health }) => ({
      id,
      state: state.kind,
      route,
      health,
    }))
    const ids = instances.map((each) => `demo.${each}`)
    expect(told).toEqual(
      ids.map((id) => ({ id, state: 'running', route: 'serving', health: 'up' })),
    )
    const records = (await instanceRecords(stateDirectory)).filter((name) => name.endsWith('.json'))
    expect(records).toEqual(ids.map((id) => `${id}.json`))
    const known = [
      await controllerPid(shop),
      ...(await ownPids(stateDirectory)),
      ...status.instances.map(({ state }) => (state.kind === 'running' ? state.pid : 0)),
    ]
    const orphans = leftovers(folder).filter((each) => !known.includes(Number.parseInt(each, 10)))
    expect(orphans).toEqual([])
  }
}

export const nothingIsLeft: Sentence = async (shop) => {
  expect(await shop.remains()).toEqual(NOTHING)
}

/** No request failed, none was lost or doubled, nothing was changed or cut, whatever the users did. */
export const nobodyNoticed: Sentence = async (shop) => {
  await onlyErrorsOf()(shop)
}

/** Users saw nothing but the errors that these versions answered themselves. */
export function onlyErrorsOf(...versions: readonly string[]): Sentence {
  return async (shop) => {
    const proof = await shop.traffic.proof()
    const { failures, resets, lost, duplicated, corrupted, websockets, severed } = proof
    expect({ failures, resets, lost, duplicated, corrupted, cut: websockets.cut, severed }).toEqual(
      {
        failures: [],
        resets: 0,
        lost: [],
        duplicated: [],
        corrupted: [],
        cut: 0,
        severed: NOTHING_SEVERED,
      },
    )
    expect(Object.keys(proof.bad)).toEqual(versions)
    expect(Object.keys(proof.requestsByKind)).toEqual(expect.arrayContaining(KINDS))
  }
}

/** A process that was killed on purpose took the connections it carried with it; no other request failed. */
export const onlyWhatItCarriedBroke: Sentence = async (shop) => {
  const { failures, lost, duplicated, corrupted, websockets, severed } = await shop.traffic.proof()
  expect({ failures, lost, duplicated, corrupted, cut: websockets.cut }).toEqual({
    failures: [],
    lost: [],
    duplicated: [],
    corrupted: [],
    cut: 0,
  })
  expect(severed).not.toEqual(NOTHING_SEVERED)
}

export const itIsPromoted: Sentence = async (shop) => {
  const { exitStatus, state, rollout } = await shop.rollout.ending()
  expect({ exitStatus, ...state }).toEqual({
    exitStatus: 0,
    phase: 'finished',
    outcome: 'promoted',
  })
  expect(rollout.ledger?.failed).toBe(0)
}

/** Requests were held back while no instance could take them, and then served. */
export const usersHadToWait: Sentence = async (shop) => {
  const { rollout } = await shop.rollout.ending()
  expect(rollout.ledger?.held).toBeGreaterThan(0)
}

/** A Problem, told in these words. */
export interface Because {
  readonly code: string
  readonly message: RegExp
  readonly hint: RegExp
}

/** This call is wrong, and says why and what to do. */
export function itRefuses(words: readonly string[], because: Because): Sentence {
  return async (shop) => {
    expect(await shop.isRefused(...words)).toMatchObject(problemLike(because))
  }
}

function problemLike({ code, message, hint }: Because): object {
  const [messageLike, hintLike] = [message, hint].map(
    (each) => expect.stringMatching(each) as string,
  )
  return { code, message: messageLike, hint: hintLike }
}

/** The last rollout was taken back, and tells why and what to do. */
export function itIsUndone(because: Because): Sentence {
  return async (shop) => {
    const outcome: Outcome = 'undone'
    const { exitStatus, state } = await shop.rollout.ending()
    expect({ exitStatus, ...state }).toMatchObject({
      exitStatus: 1,
      outcome,
      because: problemLike(because),
    })
  }
}
