import t from 'tap'
import { expectHeld } from './held.ts'
import { lostFolder } from './lost-folder.ts'

t.test('nothing is bought while the data folder is removed', async (t) => {
  expectHeld(t, await lostFolder({ seed: 1, name: 'folder removed' }))
})
