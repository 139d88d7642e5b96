import { readdirSync, readFileSync } from 'node:fs'
import tsconfigPaths from 'vite-tsconfig-paths'
import { defineConfig, type TestProjectConfiguration } from 'vitest/config'

const isTest = (path: string) => /\.test\.tsx?$/.test(path) && !path.startsWith('e2e/')
const replacesGlobals = (path: string) => /\bvi\.(stubGlobal|mock|doMock)\(/.test(readFileSync(`tests/${path}`, 'utf8'))

/** Tests that put something else in the place of a global or a module: what is loaded meanwhile keeps it. */
const alone = (readdirSync('tests', { recursive: true }) as string[])
  .filter(isTest)
  .filter(replacesGlobals)
  .map(path => `tests/${path}`)

const project = (name: string, isolate: boolean, include: string[], exclude: string[]): TestProjectConfiguration => ({
  plugins: [tsconfigPaths()],
  test: { name, isolate, include, exclude, testTimeout: 30_000, hookTimeout: 60_000 },
})

/**
 * A worker loads the program once for all of its files (what a process remembers it keeps for each platform apart), but for
 * tests that replace globals, of which each has a process of its own.
 */
export default defineConfig({
  plugins: [tsconfigPaths()],
  test: {
    globalSetup: ['tests/setup/global.ts'],
    maxWorkers: 2,
    projects: [
      project('shared', false, ['tests/**/*.test.ts', 'tests/**/*.test.tsx'], ['tests/e2e/**', ...alone]),
      ...(alone.length ? [project('alone', true, alone, [])] : []),
    ],
  },
})
