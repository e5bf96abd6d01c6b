import type { PictureFile } from '../../lib/pictures/stored.ts'
import { artifactPath } from '../../lib/storage/layout.ts'
import { versionOf } from '../../plugins/app/send-picture.ts'

/** Pixel width of the picture in a list. */
export const THUMBNAIL = 384
/** Pixel width of the picture in a list with few columns, or on a screen with high resolution. */
export const LARGE_THUMBNAIL = 768

/**
 * The URLs of a picture, its thumbnails and its page. The version is part of each image URL, so that a browser does not
 * show the cached old image after a picture is made again.
 */
export function linksOf(picture: PictureFile) {
  const { series, address } = picture
  const folder = encodeURIComponent(series)
  const version = versionOf(picture)
  const path = artifactPath('annotated', series, address).split('/').map(encodeURIComponent).join('/')
  const file = `/files/${path}`
  return {
    version,
    image: `${file}?v=${version}`,
    thumbnail: `${file}?w=${THUMBNAIL}&v=${version}`,
    largeThumbnail: `${file}?w=${LARGE_THUMBNAIL}&v=${version}`,
    picture: `/dalle/${folder}/${address}`,
    page: `/preview/${folder}/${address}`
  }
}
