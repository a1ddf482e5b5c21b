package alike

// What each measure counts for, on the scale of a logit. Learned, not chosen: logistic regression on
// the planted books of learn_test.go, which writes the numbers here:
//
//	go test ./ledger/check/alike -run TestLearn -learn
//
// Measures that go together share out one effect (a name that is the same has nothing swapped and
// nothing added), so a single number says little by itself.
//
// The first look weighs a pair alone.
var firstWeights = [looks]float64{
	mOne:               -5.70,
	mName:              -8.10,
	mNameWithin:        -2.68,
	mNameLetters:       -0.34,
	mNameSame:          3.27,
	mRarity:            2.82,
	mSwapped:           -5.59,
	mSwappedKnown:      -4.85,
	mSwappedMeaning:    -2.89,
	mAdded:             -5.49,
	mText:              -1.12,
	mVerbatim:          0.29,
	mVerbatimWithin:    1.30,
	mNoText:            0.48,
	mNoTextName:        1.42,
	mSwapVerbatim:      -5.18,
	mTextSame:          -3.60,
	mNameInText:        1.86,
	mTopic:             0.17,
	mTopicSwapped:      3.82,
	mNumbersDiffer:     -7.50,
	mTellingDiffer:     -5.52,
	mModeDiffers:       -3.01,
	mTellingOneSided:   -0.37,
	mWhomOneSided:      -0.56,
	mWhomNamed:         -4.14,
	mWhomSame:          0.09,
	mTextNumbersDiffer: -1.16,
	mTextTellingDiffer: -1.75,
	mMatesText:         3.43,
	mCore:              -1.49,
	mCoreSwapped:       -2.33,
	mCoreText:          0.16,
	mSpreadSwapped:     0.14,
	mSpreadMore:        -1.01,
	mAnchoredSwapped:   0.43,
	mAnchoredMore:      -1.35,
	mActivity:          4.30,
	mNoActivity:        5.10,
	mNoLevel:           0.46,
	mObjective:         1.88,
	mKin:               -0.17,
	mNoObjective:       0.31,
	mAges:              9.64,
	mAgesSame:          -2.92,
	mNoAges:            6.14,
	mPlaces:            2.59,
	mWider:             -0.10,
	mNoPlaces:          -4.88,
	mMates:             -3.31,
	mProvider:          1.10,
	mCapacity:          0.30,
	mCapacityDiffers:   -0.26,
}

// The second weighs that look beside the other pairs of the two services.
var weights = [measures]float64{
	mOne:         0.12,
	mAsNearMost:  0.64,
	mAsNearLeast: -0.73,
	mLook:        5.11,
	mAhead:       0.70,
	mRivalSure:   -0.60,
	mRivalsSum:   -0.50,
	mSameKind:    -0.55,
	mExpected:    -0.37,
}
