import type { PictureFile } from '../../lib/pictures/stored.ts'
import { artifactPath } from '../../lib/storage/layout.ts'
import { versionOf } from '../../plugins/app/send-picture.ts'

/** Width in pixels of the picture in a list, and of that on a fine screen or in few columns. */
export const THUMBNAIL = 384
export const LARGE_THUMBNAIL = 768

/** Where a picture, its thumbnails and its page are. The version makes a picture that was made anew a new URL, so that no browser shows the old one. */
export function linksOf(picture: PictureFile) {
  const { series, address } = picture
  const folder = encodeURIComponent(series)
  const version = versionOf(picture)
  const file = `/files/${artifactPath('annotated', series, address).split('/').map(encodeURIComponent).join('/')}`
  return {
    image: `${file}?v=${version}`,
    thumbnail: `${file}?w=${THUMBNAIL}&v=${version}`,
    largeThumbnail: `${file}?w=${LARGE_THUMBNAIL}&v=${version}`,
    picture: `/dalle/${folder}/${address}`,
    page: `/preview/${folder}/${address}`
  }
}
