import t from 'tap'
import { errors } from '../../../lib/errors.ts'
import { ANOTHER_FOLDER } from '../../../lib/storage/folder-lock.ts'
import { logUnwritten } from '../../../plugins/app/generation.ts'

t.test('a picture that waits for a full disk has one line, with the reason and no stack', async (t) => {
  const lines: Array<[cause: unknown, message: unknown]> = []
  const onDiskError = logUnwritten({
    error: (cause: unknown, message?: unknown) => lines.push([cause, message])
  })
  const failureOf = (code: string, words: string) =>
    errors.fileSystem(`Could not write a file: ${words}`, Object.assign(new Error(code), { code }))
  const full = failureOf('ENOSPC', 'no space is left on the disk')
  for (const attempt of [1, 2, 3]) onDiskError(full, attempt)
  t.strictSame(lines, [[{ reason: 'no space is left on the disk' }, 'a paid picture cannot be written yet']])

  onDiskError(errors.unavailable(ANOTHER_FOLDER))
  t.strictSame(lines.pop(), [{ reason: ANOTHER_FOLDER }, 'a paid picture cannot be written yet'])

  const strange = failureOf('ENOTDIR', 'a file is where a folder must be')
  onDiskError(strange)
  t.equal((lines[1]![0] as { err: unknown }).err, strange, 'another error is logged whole')
})
