<?php
/**
 * The tag on a page, and the one script that it needs.
 *
 * @package PatientStories
 */

defined( 'ABSPATH' ) || exit;

/** The tag's attributes that a page may give; the service's documentation says what each means. */
const PATIENT_STORIES_ATTRIBUTES = array( 'service', 'topic', 'show', 'lang', 'theme', 'heading-level', 'limit' );

/**
 * Makes the script and the style known; they come to a page only when something on it asks for them.
 */
function patient_stories_register_assets(): void {
	if ( ! patient_stories_address() ) {
		return;
	}
	// No version behind the address: the service says itself for how long its file may be kept.
	wp_register_script( 'patient-stories', patient_stories_address() . '/v1/stories.js', array(), null, true ); // phpcs:ignore WordPress.WP.EnqueuedResourceParameters.MissingVersion
	wp_register_style( 'patient-stories', plugins_url( 'patient-stories.css', __DIR__ ), array(), '0.1.0' );
}

/**
 * Brings the style in the head where the page's own content holds stories, so that nothing moves when they come.
 */
function patient_stories_keep_room(): void {
	$post = is_singular() ? get_post() : null;
	if ( $post && ( has_block( 'tellback/patient-stories', $post ) || has_shortcode( $post->post_content, 'patient-stories' ) ) ) {
		wp_enqueue_style( 'patient-stories' );
	}
}

/**
 * Lets the page go on while the script comes.
 *
 * @param string $tag    The script's element.
 * @param string $handle Its name.
 */
function patient_stories_load_async( string $tag, string $handle ): string {
	if ( 'patient-stories' !== $handle || false !== strpos( $tag, ' async' ) ) {
		return $tag;
	}
	return str_replace( '<script ', '<script async ', $tag );
}

/**
 * [patient-stories service="RXH01" show="form stories" lang="cy"]
 *
 * @param array|string $given The shortcode's attributes; '' when it has none.
 */
function patient_stories_shortcode( $given ): string {
	return patient_stories_tag( shortcode_atts( array_fill_keys( PATIENT_STORIES_ATTRIBUTES, '' ), (array) $given, 'patient-stories' ) );
}

/**
 * The tag with its link, which is what readers without the script have; in a feed the link alone.
 *
 * @param array $given Values by the tag's attributes; what is empty is left out.
 */
function patient_stories_tag( array $given ): string {
	$address = patient_stories_address();
	if ( ! $address ) {
		return patient_stories_hint( __( 'Patient stories: the address of the service is not set yet.', 'patient-stories' ) );
	}
	$given = array_filter( array_map( 'trim', array_map( 'strval', $given ) ), 'strlen' );
	if ( empty( $given['service'] ) && empty( $given['topic'] ) ) {
		return patient_stories_hint( __( 'Patient stories: say which service or topic, as in service="RXH01".', 'patient-stories' ) );
	}
	$page = empty( $given['service'] ) ? 'topics/' . rawurlencode( $given['topic'] ) : 'services/' . rawurlencode( $given['service'] );
	$link = sprintf( '<a href="%s">%s</a>', esc_url( "$address/$page" ), esc_html__( 'Patients’ stories', 'patient-stories' ) );
	if ( is_feed() ) {
		return "<p>$link</p>";
	}
	wp_enqueue_script( 'patient-stories' );
	wp_enqueue_style( 'patient-stories' );
	$attributes = '';
	foreach ( array_filter( array_merge( $given, array( 'site-key' => patient_stories_site_key() ) ) ) as $name => $value ) {
		$attributes .= sprintf( ' %s="%s"', esc_attr( $name ), esc_attr( $value ) );
	}
	return "<patient-stories$attributes>$link</patient-stories>";
}

/**
 * A sentence that only those who can mend it see.
 *
 * @param string $sentence What is missing.
 */
function patient_stories_hint( string $sentence ): string {
	return current_user_can( 'edit_posts' ) ? '<p><em>' . esc_html( $sentence ) . '</em></p>' : '';
}
