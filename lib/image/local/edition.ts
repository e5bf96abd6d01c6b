/**
 * The edition of the built-in artist, which a picture and its record tell. It counts up when the same dress gets
 * another picture.
 */
export const EDITION = 2
