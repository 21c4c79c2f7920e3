/**
 * What a command printed, without what differs from one time to the next: numbers, durations, paths, the width of columns.
 * So a page can show what was really printed once, and a test can tell when it would be printed otherwise today.
 */
export function shapeOf(text: string): string[] {
  return text
    .trim()
    .split('\n')
    .map((line) =>
      line
        .replace(/^Date: .*/, 'Date')
        .replaceAll(/\/\S*\/shop\b/g, '~/shop')
        .replaceAll(/(?<![\w.])\d[\d.,]*(?:ms|s|m\d\ds|MiB|KiB|%)?(?![\w])/g, '#')
        .replaceAll(/, p99 [+-]\S+/g, '')
        .replaceAll(/ \(too few to judge\)/g, '')
        .replaceAll(/\s+/g, ' ')
        .trim(),
    )
}
