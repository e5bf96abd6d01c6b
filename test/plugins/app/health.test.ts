import t from 'tap'
import { createHealth } from '../../../plugins/app/health.ts'

t.test('the health of a component depends on its limits', async (t) => {
  const GIB = 2 ** 30
  const check = async (residentBytes: number, usedPercent: number, writable = true) => {
    const health = createHealth({
      files: {
        checkWriteAccess: async () => {
          if (!writable) throw Object.assign(new Error('no'), { details: 'Could not write' })
        },
        diskSpace: async () => ({ totalBytes: 100, freeBytes: 10, usedPercent })
      },
      provider: () => ({ status: 'unhealthy' }),
      residentBytes: () => residentBytes
    })
    t.equal(await health.isReady(), false, 'not before the server listens')
    health.start()
    const { status, components } = await health.check()
    t.equal(await health.isReady(), status !== 'unhealthy')
    return [status, components.memory.status, components.disk_space.status, components.filesystem.status]
  }
  // Without its provider the service still serves pictures, so it is degraded at worst.
  t.same(await check(GIB, 85), ['degraded', 'healthy', 'healthy', 'healthy'])
  t.same(await check(GIB + 1, 50), ['degraded', 'degraded', 'healthy', 'healthy'])
  t.same(await check(2 * GIB + 1, 50), ['unhealthy', 'unhealthy', 'healthy', 'healthy'])
  t.same(await check(1, 85.1), ['degraded', 'healthy', 'degraded', 'healthy'])
  t.same(await check(1, 95.1), ['unhealthy', 'healthy', 'unhealthy', 'healthy'])
  t.same(await check(1, 1, false), ['unhealthy', 'healthy', 'healthy', 'unhealthy'])
})
