import { StringDecoder } from 'node:string_decoder'

/** A line longer than this many characters is given in pieces. */
const LONGEST = 256 * 1024

/** Takes bytes as they come and gives the lines they complete; a character or a line may be cut anywhere. */
export function lineSplitter(): (bytes: Buffer) => string[] {
  const decoder = new StringDecoder('utf8')
  let unfinished = ''
  return (bytes) => {
    const lines = (unfinished + decoder.write(bytes)).split('\n')
    unfinished = lines.pop() ?? ''
    if (unfinished.length <= LONGEST) return lines
    lines.push(unfinished)
    unfinished = ''
    return lines
  }
}
