/**
 * Opens event streams, and resolves when all are answered.
 * @returns closes them
 * @throws when one is refused
 */
export async function openStreams(urls: string[]): Promise<() => Promise<void>> {
  const aborter = new AbortController()
  const streams = await Promise.all(
    urls.map(async (url) => {
      const { ok, status, body } = await fetch(url, { signal: aborter.signal })
      if (!ok || body === null) throw new Error(`${url} answers ${status} in place of a stream`)
      return { ended: body.pipeTo(new WritableStream()).catch(() => {}) }
    })
  )
  return async () => {
    aborter.abort()
    await Promise.all(streams.map(({ ended }) => ended))
  }
}
