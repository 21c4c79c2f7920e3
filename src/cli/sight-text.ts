import { mergedOf, percentileOf } from '../core/histogram.ts'
import type { MirrorSight, Sight } from '../core/sight.ts'
import type { Traffic } from '../core/traffic.ts'
import { table } from './table.ts'
import { number } from './words.ts'

const HEADINGS = ['answers of', 'now', 'errors', 'p50', 'p95', 'p99', 'whole p50', 'whole p99']

/** How fast and how often releases and instances answer, what was asked elsewhere, and what a mirror found. */
export function sightText({
  sights = {},
  instances,
  decisions,
  fallbacks,
  mirror,
}: Traffic): string[] {
  const releases = Object.entries(sights).flatMap(([release, sight]) => [
    row(release, sight),
    ...instances
      .filter((instance) => instance.release === release)
      .flatMap(({ id, sight: own }) => (own ? [row(`  ${id}`, own)] : [])),
  ])
  return [
    ...(releases.length > 0 ? ['', table(HEADINGS, releases)] : []),
    ...(decisions ? [`decided by: ${decisionWords(decisions)}`] : []),
    ...(fallbacks
      ? [
          `files asked from the other release: ${number(fallbacks.asked)}, found there: ${number(fallbacks.found)}`,
        ]
      : []),
    ...(mirror ? mirrorText(mirror) : []),
  ]
}

function row(name: string, sight: Sight): string[] {
  const firstByte = mergedOf(sight.cells.map((cell) => cell.firstByte))
  const whole = mergedOf(sight.cells.map((cell) => cell.whole))
  return [
    name,
    `${rate(sight.perSecond)}/s`,
    `${rate(sight.errorsPerSecond)}/s`,
    ...[0.5, 0.95, 0.99].map((share) => time(percentileOf(firstByte, share))),
    ...[0.5, 0.99].map((share) => time(percentileOf(whole, share))),
  ]
}

function mirrorText(mirror: MirrorSight): string[] {
  const { sent, same, differ, failed, dropped, uncompared, times } = mirror
  const [users, copies] = [times.users, times.copies].map((each) => time(percentileOf(each, 0.99)))
  return [
    `${number(sent)} mirrored: ${number(same)} alike; ${number(differ.status)} differ in status, ${number(differ.fields)} in fields, ${number(differ.body)} in the body; ${number(failed)} failed, ${number(dropped)} dropped, ${number(uncompared)} too large to compare; p99 ${users} for users, ${copies} for copies`,
    ...mirror.samples.map(
      ({ method, path, differ: kinds, statuses, fields }) =>
        `  ${method} ${path}: ${kinds.join(', ')} (${statuses.join(' and ')}${fields.length > 0 ? `; ${fields.join(', ')}` : ''})`,
    ),
  ]
}

function decisionWords(decisions: Readonly<Record<string, number>>): string {
  const told = Object.entries(decisions).toSorted(([, a], [, b]) => b - a)
  return told.map(([why, count]) => `${why} ${number(count)}`).join(', ')
}

function rate(perSecond: number): string {
  return perSecond < 10 ? perSecond.toFixed(1) : number(Math.round(perSecond))
}

/** Three digits are all that a bucket knows. */
function time(ms: number | undefined): string {
  if (ms === undefined) return '–'
  return ms < 1000 ? `${Number(ms.toPrecision(3))}ms` : `${Number((ms / 1000).toPrecision(3))}s`
}
