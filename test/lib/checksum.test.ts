import t from 'tap'
import { checksumAddress, checksumProblem } from '../../lib/checksum.ts'
import { EIP55_EXAMPLES } from './eip55.ts'

t.test('the server writes addresses in the mixed case of EIP-55', async (t) => {
  for (const example of EIP55_EXAMPLES) {
    t.equal(checksumAddress(example.toLowerCase()), example)
    t.equal(checksumAddress(example), example, 'from any case')
  }
})

t.test('the checksum of an address is wrong if its case is mixed in another way', async (t) => {
  for (const example of EIP55_EXAMPLES) {
    const digits = example.slice(2)
    const swapped = [...digits].map((digit) =>
      digit === digit.toUpperCase() ? digit.toLowerCase() : digit.toUpperCase()
    )
    const isMixed = /[a-f]/.test(digits) && /[A-F]/.test(digits)
    t.equal(checksumProblem(example), undefined)
    t.equal(checksumProblem(`0X${digits}`), undefined, 'the X has no case')
    for (const same of [example.toLowerCase(), `0x${digits.toUpperCase()}`]) {
      t.equal(checksumProblem(same), undefined, 'letters of one case say nothing')
    }
    const problem = checksumProblem(`0x${swapped.join('')}`)
    t.equal(problem?.includes(example) ?? false, isMixed, 'the right form is named')
  }
  for (const text of ['', '0x', 'simple', `0x${'aB'.repeat(21)}`, `aB${'aB'.repeat(20)}`]) {
    t.equal(checksumProblem(text), undefined, `${text} is no address`)
  }
})
