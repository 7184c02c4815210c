// swift-tools-version:6.0
import Foundation
import PackageDescription

// What scripts put here, and git leaves out: `Sources/CopKit/CopKit.swift` and `Sources/CopKitFFI` are generated,
// `lib` has the library they belong to (prepare.sh), or `CopKitFFI.xcframework` for Apple's platforms (xcframework.sh).
let here = Context.packageDirectory
let framework = FileManager.default.fileExists(atPath: here + "/CopKitFFI.xcframework")

let package = Package(
    name: "CopKit",
    platforms: [.iOS(.v15), .macOS(.v12)],
    products: [.library(name: "CopKit", targets: ["CopKit"])],
    targets: [
        framework ? .binaryTarget(name: "CopKitFFI", path: "CopKitFFI.xcframework") : .systemLibrary(name: "CopKitFFI"),
        .target(
            name: "CopKit",
            dependencies: ["CopKitFFI"],
            linkerSettings: framework
                ? []
                : [
                    .linkedLibrary("cop_mobile"),
                    .unsafeFlags(["-L\(here)/lib", "-Xlinker", "-rpath", "-Xlinker", "\(here)/lib"]),
                ]
        ),
        .testTarget(name: "CopKitTests", dependencies: ["CopKit"], exclude: ["Vectors"]),
    ],
    swiftLanguageModes: [.v6]
)
