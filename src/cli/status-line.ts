const CLEAR = '\r\u001B[K'
/** Where nothing can be overwritten, what is going on is told this often at the most, and what is unchanged more rarely. */
const QUIET_MS = 5_000
const UNCHANGED_MS = 300_000

/** A line at the bottom of a terminal that changes in place; elsewhere it is printed now and then. */
export interface StatusLine {
  show(text: string): void
  print(text: string): void
}

export function statusLine(): StatusLine {
  return process.stdout.isTTY ? onTerminal() : elsewhere()
}

function onTerminal(): StatusLine {
  return {
    show: (text) => {
      process.stdout.write(`${CLEAR}${text.slice(0, process.stdout.columns - 1)}`)
    },
    print: (text) => {
      process.stdout.write(`${CLEAR}${text}\n`)
    },
  }
}

function elsewhere(): StatusLine {
  let saidMs = performance.now()
  let shown: string | undefined
  const print = (text: string) => {
    saidMs = performance.now()
    console.log(text)
  }
  return {
    show: (text) => {
      if (performance.now() - saidMs < (text === shown ? UNCHANGED_MS : QUIET_MS)) return
      shown = text
      print(text)
    },
    print,
  }
}
