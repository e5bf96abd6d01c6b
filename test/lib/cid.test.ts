import t from 'tap'
import { cidOf } from '../../lib/cid.ts'
import { expectedCid } from '../cid.ts'

t.test('a file has the CID that `ipfs add --cid-version=1 --raw-leaves` prints for one block', async (t) => {
  const hello = 'bafkreifzjut3te2nhyekklss27nh3k72ysco7y32koao5eei66wof36n5e'
  t.equal(await cidOf([Buffer.from('hello world')]), hello)
  t.equal(await cidOf([Buffer.from('hello '), Buffer.from('world')]), hello, 'however it is cut')
  const bytes = Buffer.alloc(3_000_000, 'dress')
  t.equal(await cidOf([bytes]), expectedCid(bytes), 'a file of any size is one block')
  t.equal(await cidOf([]), expectedCid(Buffer.alloc(0)))
})
