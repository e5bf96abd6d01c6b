declare module 'fs-native-extensions' {
  /**
   * Takes a lock of the whole file for this open file description. False when another one has it. Shared locks do not
   * exclude each other.
   */
  export function tryLock(fd: number, options: { shared: boolean }): boolean
}
