/** Side of the square of a scene in units; the SVG scales to any size in pixels. */
export const FRAME = 1000
/** Pixels of the side of a picture. In a picture of this size, a unit of a tile is a pixel. */
export const PICTURE_SIDE = 1024
