import type { SourceText } from './source-texts.ts'

/** A command that one kind of project is likely run with, and why, in words for the person who reads the file. */
export interface DetectedCommand {
  readonly run: string
  readonly build?: string
  readonly why: string
  /** What the person should look at before trusting it. */
  readonly notes: readonly string[]
}

/** A directory as the detection sees it. */
export interface Project {
  readonly directory: string
  readonly sources: readonly SourceText[]
  /** The text of a file in it; `undefined` when there is none. */
  read(name: string): Promise<string | undefined>
}
