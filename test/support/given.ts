import { afterAll, beforeAll, onTestFinished } from 'vitest'
import { type AppVersion, Shop } from './shop.ts'

/** Something that happens to a service, or that must be true of it. A test is a list of them, in order. */
export type Sentence = (shop: Shop) => Promise<void>

/** The folder of a service with this version in it; nothing runs yet. It ends with the test. */
export async function prepared(version: AppVersion): Promise<Shop> {
  const shop = await Shop.open()
  onTestFinished(() => shop.end())
  await shop.write(version)
  return shop
}

/** A service of this test's own with this version live. It ends with the test, and nothing of it may be left. */
export async function given(version: AppVersion, ...sentences: readonly Sentence[]): Promise<Shop> {
  const shop = await prepared(version)
  await when(shop, goesUp, ...sentences)
  return shop
}

/** One service for all tests of a file, to save them its start; it ends after the last one. */
export function givenForAll(version: AppVersion): () => Shop {
  let shop: Shop | undefined
  beforeAll(async () => {
    shop = await Shop.open()
    await shop.write(version)
    await goesUp(shop)
  })
  afterAll(async () => shop?.end())
  return () => {
    if (!shop) throw new Error('the service did not start')
    return shop
  }
}

export const goesUp: Sentence = async (shop) => shop.does('up', '--detach')

export async function when(shop: Shop, ...happenings: readonly Sentence[]): Promise<void> {
  for (const happening of happenings) await happening(shop)
}

export async function expectThat(shop: Shop, ...claims: readonly Sentence[]): Promise<void> {
  for (const claim of claims) await claim(shop)
}
