import type { Look } from './worry.ts'

/** Whether anything but the traffic of users says that the new release works. */
export const lookAtTests: Look = ({ release }) => {
  const gates = release.spec.rollout.gates ?? []
  if (gates.some(({ question }) => ['command', 'webhook'].includes(question.kind))) return []
  return [
    {
      what: 'no command tests the new release',
      why: 'what is broken and not asked for by the first users is found by the last ones',
      hint: 'Let one decide, before users come: rollout: { gates: [{ name: smoke, command: npm run smoke }] }',
    },
  ]
}
