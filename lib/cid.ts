import { createHash } from 'node:crypto'
import { CID } from 'multiformats/cid'
import { code as RAW } from 'multiformats/codecs/raw'
import { create as createDigest } from 'multiformats/hashes/digest'

/** The multihash code of SHA2-256 (https://github.com/multiformats/multicodec). */
const SHA2_256 = 0x12

/**
 * The content identifier of a file: version 1, codec `raw`, SHA2-256, in base32 (`bafkrei…`). IPFS gives a file this
 * identifier if it adds the file as one block with raw leaves.
 * @param chunks the bytes of the file, in order
 */
export async function cidOf(chunks: Iterable<Uint8Array> | AsyncIterable<Uint8Array>): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of chunks) hash.update(chunk)
  return CID.createV1(RAW, createDigest(SHA2_256, hash.digest())).toString()
}
