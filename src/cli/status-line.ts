const CLEAR = '\r\u001B[K'

/** A line at the bottom of a terminal that changes in place; elsewhere it is left out, and what lasts is printed. */
export interface StatusLine {
  show(text: string): void
  print(text: string): void
}

export function statusLine(): StatusLine {
  if (!process.stdout.isTTY) {
    return {
      show: () => undefined,
      print: (text) => {
        console.log(text)
      },
    }
  }
  return {
    show: (text) => {
      process.stdout.write(`${CLEAR}${text.slice(0, process.stdout.columns - 1)}`)
    },
    print: (text) => {
      process.stdout.write(`${CLEAR}${text}\n`)
    },
  }
}
