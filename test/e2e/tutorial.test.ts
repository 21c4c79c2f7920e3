import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { blocksOf, type CodeBlock } from '../support/markdown.ts'
import { shapeOf } from '../support/shape-of.ts'
import { walkThrough, type Said, type WalkThrough } from '../support/walk-through.ts'

const blocks = blocksOf('docs/tutorial.md')
const does = (block: CodeBlock) => block.language === 'yaml' || block.words[0] === 'run'
const steps = blocks.filter(does).map((block) => ({
  block,
  name: block.text.trim().split('\n').at(-1) ?? '',
  prints: printedAfter(block),
}))

/** The block right after it, when that is what it prints. */
function printedAfter(block: CodeBlock): CodeBlock | undefined {
  const next = blocks[blocks.indexOf(block) + 1]
  return next?.language === 'text' && next.words.length === 0 ? next : undefined
}

describe('the tutorial, word for word', () => {
  let user: WalkThrough
  beforeAll(async () => {
    user = await walkThrough('examples/01-node-service')
  })
  afterAll(async () => expect(await user.end()).toEqual([]))

  it('has something to run', () => {
    expect(steps.length).toBeGreaterThan(10)
  })

  it.each(steps)('$name', async ({ block, prints }) => {
    const file = block.words.find((word) => word.startsWith('file='))?.slice('file='.length)
    if (file !== undefined) return user.write(file, block.text)
    if (block.words.includes('background')) return user.begin(block.text)
    if (block.text.startsWith('midflight down')) await itAllAddsUp()
    const said = await user.run(block.text)
    expect(said).toMatchObject({ exitStatus: 0 })
    if (prints) expect(shapeOf(said.text)).toEqual(shapeOf(prints.text))
  })

  async function itAllAddsUp(): Promise<void> {
    const said: Said = await user.interrupt()
    const printed = blocks.find((block) => block.words.join(' ') === 'of the background')
    expect(said).toMatchObject({ exitStatus: 0 })
    expect(shapeOf(said.text)).toEqual(shapeOf(printed?.text ?? ''))
  }
})
