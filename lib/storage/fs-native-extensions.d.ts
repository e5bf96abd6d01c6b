declare module 'fs-native-extensions' {
  /** Takes a lock of the whole file for this open file description. False when another one has it. */
  export function tryLock(fd: number): boolean
}
