/** The URL of the image of an address: of the picture, or of the sketch of the built-in artist while there is none. */
export function avatarUrl(
  base: string,
  { series, address }: { series: string; address: string },
  side: number
): string {
  return `${base}/avatar/${encodeURIComponent(series)}/${address}.webp?size=${side}`
}
