import { newFieldLine, readFieldLine, valueOf } from '../http1/field-line.ts'

/** What the fields of an answer say, by their names in lower case; those of one name together, in their order. */
export function answerFields(lines: string): Map<string, string> {
  const fields = new Map<string, string>()
  const line = newFieldLine()
  let next = 0
  while (next >= 0 && next < lines.length) {
    next = readFieldLine(lines, next, line)
    if (next < 0) break
    const before = fields.get(line.name)
    const value = valueOf(lines, line)
    fields.set(line.name, before === undefined ? value : `${before}\n${value}`)
  }
  return fields
}
