// The AAR: the same Kotlin as on the JVM, and the library for each kind of processor. First `bash libraries.sh`.
plugins {
    id("com.android.library") version "8.11.0"
    kotlin("android") version "2.2.20"
}

group = "org.copkit"
version = "0.1.0"

android {
    namespace = "org.copkit"
    compileSdk = 36

    defaultConfig {
        // The first with java.time.
        minSdk = 26
        consumerProguardFiles("consumer-rules.pro")
        ndk { abiFilters += listOf("arm64-v8a", "armeabi-v7a", "x86_64") }
    }

    sourceSets["main"].apply {
        kotlin.srcDirs("../kotlin/src/main/kotlin", "build/generated/kotlin")
        jniLibs.srcDirs("build/jniLibs")
    }

    compileOptions {
        sourceCompatibility = JavaVersion.VERSION_17
        targetCompatibility = JavaVersion.VERSION_17
    }
}

kotlin {
    compilerOptions { allWarningsAsErrors = true }
}

dependencies {
    // 5.17 is the first whose own library works with pages of 16 KB.
    api("net.java.dev.jna:jna:5.18.1@aar")
    api("org.jetbrains.kotlinx:kotlinx-coroutines-core:1.10.2")
}
