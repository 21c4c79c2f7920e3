import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { embeddedRouter } from '../../src/drivers/routers/embedded/router.ts'
import { testRouter } from './router.ts'

testRouter('embedded', async () => {
  const stateDirectory = await mkdtemp(join(tmpdir(), 'midflight-router-'))
  const router = embeddedRouter({ stateDirectory, workers: 2 })
  await router.start()
  return {
    router,
    dispose: async () => {
      await router.stop({ drainMs: 0 })
      await rm(stateDirectory, { recursive: true })
    },
  }
})
