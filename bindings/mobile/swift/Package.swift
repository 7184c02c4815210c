// swift-tools-version:5.9
import PackageDescription

// `generate.sh swift` puts Sources/CopKit/CopKit.swift and Sources/CopKitFFI/ in place.
let package = Package(
    name: "CopKit",
    platforms: [.iOS(.v15), .macOS(.v12)],
    products: [.library(name: "CopKit", targets: ["CopKit"])],
    targets: [
        .systemLibrary(name: "CopKitFFI"),
        .target(
            name: "CopKit",
            dependencies: ["CopKitFFI"],
            linkerSettings: [.linkedLibrary("cop_mobile")]
        ),
        .testTarget(name: "CopKitTests", dependencies: ["CopKit"]),
    ]
)
