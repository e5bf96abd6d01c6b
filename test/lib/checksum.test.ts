import t from 'tap'
import { checksumAddress } from '../../lib/checksum.ts'
import { EIP55_EXAMPLES } from './eip55.ts'

t.test('the server writes addresses in the mixed case of EIP-55', async (t) => {
  for (const example of EIP55_EXAMPLES) {
    t.equal(checksumAddress(example.toLowerCase()), example)
    t.equal(checksumAddress(example), example, 'from any case')
  }
})
