/** `undefined` where the file or directory asked for is not there (`ENOENT`); any other error stays one. */
export async function unlessMissing<Found>(asking: Promise<Found>): Promise<Found | undefined> {
  try {
    return await asking
  } catch (error) {
    if ((error as { code?: unknown }).code === 'ENOENT') return undefined
    throw error
  }
}
