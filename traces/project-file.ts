/** Files of the project that are read as they are: data, pages' parts, `package.json`. */

/**
 * Where `path`, from the project's root, lies. The program's folder is two below that, be it this
 * file's own when compiled or the one of the bundle.
 */
export const projectFile = (path: string): URL => new URL(`../../${path}`, import.meta.url);
